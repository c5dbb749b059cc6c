import { namedEntries } from './named-entries.ts';
import type { MappingFile, MappingFileEachValue } from './schema/mapping.ts';
import type { YamlPath } from './yaml-file.ts';

/** A place in a mapping file that names a Salesforce field. */
export interface FieldUse {
  readonly field: string;
  readonly path: YamlPath;
}

/**
 * Every field that a mapping file takes a value from, with its place.
 * @param isField  decides for a bare text in `each`, which may be a field or a constant
 */
export function writtenFields(value: MappingFile, isField: (text: string) => boolean): readonly FieldUse[] {
  return namedEntries(value.tables).flatMap(([table, { columns, each = [] }]) => [
    ...namedEntries(columns).flatMap(([name, column]) => {
      const path = ['tables', table, 'columns', name];
      return typeof column === 'string' ? [{ field: column, path }] : fromFields(column.from, [...path, 'from']);
    }),
    ...each.flatMap((entry, index) =>
      namedEntries(entry).flatMap(([name, part]) => eachFields(part, ['tables', table, 'each', index, name], isField)),
    ),
  ]);
}

function eachFields(
  part: MappingFileEachValue,
  path: YamlPath,
  isField: (text: string) => boolean,
): readonly FieldUse[] {
  if (typeof part === 'string') return isField(part) ? [{ field: part, path }] : [];
  return typeof part === 'object' && part !== null ? fromFields(part.from, [...path, 'from']) : [];
}

function fromFields(from: string | readonly string[] | undefined, path: YamlPath): readonly FieldUse[] {
  if (from === undefined) return [];
  return typeof from === 'string'
    ? [{ field: from, path }]
    : from.map((field, index) => ({ field, path: path.concat(index) }));
}

/**
 * True for a text that looks like a field and not like a constant: Salesforce names begin with a capital, or carry `__`
 * (`npsp__Primary_Affiliation__c`). Constants can always be told apart by `{ value: ... }`.
 */
export function looksLikeField(text: string): boolean {
  return (
    /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$/u.test(text) && (/^[A-Z]/u.test(text) || text.includes('__'))
  );
}
