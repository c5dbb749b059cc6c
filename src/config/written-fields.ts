import { expressionFields } from './expression-fields.ts';
import { namedEntries } from './named-entries.ts';
import type { MappingFileAlternative, MappingFileColumn } from './schema/column-mapping.ts';
import type { MappingFileEachValue } from './schema/mapping-table.ts';
import type { WrittenMapping } from './written-mapping.ts';
import type { YamlPath } from './yaml-file.ts';

/** A place in a mapping file that names a field of the source. */
export interface FieldUse {
  readonly field: string;
  readonly path: YamlPath;
  /** Into the text at the path; 0 but in expressions. */
  readonly offset: number;
}

/**
 * Every field that a mapping takes a value from or asks about, with its place.
 * @param isField  decides for a bare text in `each`, which may be a field or a constant
 */
export function writtenFields(value: WrittenMapping, isField: (text: string) => boolean): readonly FieldUse[] {
  return [
    ...namedEntries(value.tables).flatMap(([table, { columns, each = [], skip_when }]) => [
      ...namedEntries(columns).flatMap(([name, column]) => {
        const path = ['tables', table, 'columns', name];
        return typeof column === 'string' ? [fieldUse(column, path)] : columnFields(column, path);
      }),
      ...each.flatMap((entry, index) =>
        namedEntries(entry).flatMap(([name, part]) =>
          eachFields(part, ['tables', table, 'each', index, name], isField),
        ),
      ),
      ...expressionUses(skip_when, ['tables', table, 'skip_when']),
    ]),
    ...(value.skip_when ?? []).flatMap(({ when }, index) => expressionUses(when, ['skip_when', index, 'when'])),
    ...(value.rules ?? []).flatMap(({ when, check }, index) => [
      ...expressionUses(when, ['rules', index, 'when']),
      ...expressionUses(check, ['rules', index, 'check']),
    ]),
  ];
}

function fieldUse(field: string, path: YamlPath, offset = 0): FieldUse {
  return { field, path, offset };
}

function eachFields(
  part: MappingFileEachValue,
  path: YamlPath,
  isField: (text: string) => boolean,
): readonly FieldUse[] {
  if (typeof part === 'string') return isField(part) ? [fieldUse(part, path)] : [];
  return typeof part === 'object' && part !== null ? columnFields(part, path) : [];
}

type Fed = Pick<MappingFileColumn, 'from' | 'expr' | 'first_of'> | MappingFileAlternative;

function columnFields(column: Fed, path: YamlPath): readonly FieldUse[] {
  const ways = 'first_of' in column ? (column.first_of ?? []) : [];
  return [
    ...fromFields(column.from, [...path, 'from']),
    ...expressionUses(column.expr, [...path, 'expr']),
    ...ways.flatMap((way, index) => columnFields(way, [...path, 'first_of', index])),
  ];
}

function fromFields(from: string | readonly string[] | undefined, path: YamlPath): readonly FieldUse[] {
  if (from === undefined) return [];
  return typeof from === 'string'
    ? [fieldUse(from, path)]
    : from.map((field, index) => fieldUse(field, path.concat(index)));
}

function expressionUses(text: string | undefined, path: YamlPath): readonly FieldUse[] {
  if (text === undefined) return [];
  return expressionFields(text).map(({ field, offset }) => fieldUse(field, path, offset));
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
