import type { LoadedFunctions } from './functions.ts';
import type { Input, ValueMap } from './mapping.ts';
import type { Source } from './source.ts';
import { didYouMean } from './nearest.ts';
import type { ProblemSink } from './rules.ts';
import type { Column, Table } from './table.ts';
import type { WrittenFile } from './written-mapping.ts';
import type { YamlPath } from './yaml-file.ts';

/** Which mapping fills a table, and by what it finds its rows. */
export interface Filler {
  readonly mapping: string;
  readonly table: string;
  /** Columns of the root table of that mapping; empty when the file names none, and for a child table. */
  readonly key: readonly string[];
  readonly role: 'root' | 'extension' | 'child';
}

/** An expression that stands in the file; checked when all columns are known. */
export interface WrittenExpression {
  readonly text: string;
  readonly path: YamlPath;
  readonly wanted: 'boolean' | 'value';
  /** The table that it stands in, and the column that it fills; null for those over the whole record. */
  readonly at: { readonly table: string; readonly column: string | null } | null;
  /** The column that takes the value as it is; null where transforms or a link come between, or nothing takes it. */
  readonly into: Column | null;
}

/** What every part of one mapping file is resolved against. */
export interface MappingContext {
  readonly file: WrittenFile;
  /** Null when the SOQL could not be read: fields are then not held against it. */
  readonly source: Source | null;
  readonly tables: ReadonlyMap<string, Table>;
  readonly maps: ReadonlyMap<string, ValueMap>;
  readonly fillers: ReadonlyMap<string, readonly Filler[]>;
  readonly functions: LoadedFunctions;
  /** Gathers the expressions of the file on the way. */
  readonly expressions: WrittenExpression[];
  readonly sink: ProblemSink;
}

/** Index of a field in the source; -1 when it is not selected. Salesforce does not tell capitals from small letters. */
export function fieldIndex({ fields, file }: Source, field: string): number {
  if (file !== null) return fields.indexOf(field);
  const wanted = field.toLowerCase();
  return fields.findIndex((path) => path.toLowerCase() === wanted);
}

/** Fields beside their indexes; one that the SOQL does not select is reported. */
export function sourceFields(
  from: string | readonly string[],
  at: YamlPath,
  { source, sink, file }: MappingContext,
): { readonly paths: readonly string[]; readonly indexes: readonly number[] } {
  const paths = [from].flat();
  const indexes = paths.map((field, place) => {
    if (source === null) return 0;
    const index = fieldIndex(source, field);
    // A query without Id is told as such.
    if (index < 0 && field.toLowerCase() !== 'id') {
      const position = file.yaml.at(typeof from === 'string' ? at : [...at, place]);
      const near = didYouMean(field, source.fields);
      const hint = near?.startsWith('Did') ? near : `Add ${field} to the SELECT.`;
      sink.report('unselected-field', position, `The SOQL does not select ${field}.`, hint);
    }
    return Math.max(0, index);
  });
  return {
    paths: source === null ? paths : indexes.map((index, place) => source.fields[index] ?? paths[place] ?? ''),
    indexes,
  };
}

/** A constant in the text form of PostgreSQL. */
export function constantInput(value: string | number | boolean | null): Extract<Input, { kind: 'constant' }> {
  return { kind: 'constant', value: value === null ? null : String(value) };
}
