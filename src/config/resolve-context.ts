import type { Input, Source, ValueMap } from './mapping.ts';
import type { CheckedFile } from './checked-file.ts';
import { didYouMean } from './nearest.ts';
import type { ProblemSink } from './rules.ts';
import type { MappingFile } from './schema/mapping.ts';
import type { Table } from './table.ts';
import type { YamlPath } from './yaml-file.ts';

/** Which mapping finds the rows of a table, and by what. */
export interface Filler {
  readonly mapping: string;
  readonly table: string;
  /** Columns of the root table of that mapping; empty when the file names none. */
  readonly key: readonly string[];
  readonly role: 'root' | 'extension';
}

/** What every part of one mapping file is resolved against. */
export interface MappingContext {
  readonly file: CheckedFile<MappingFile>;
  /** Null when the SOQL could not be read: fields are then not held against it. */
  readonly source: Source | null;
  readonly tables: ReadonlyMap<string, Table>;
  readonly maps: ReadonlyMap<string, ValueMap>;
  readonly fillers: ReadonlyMap<string, readonly Filler[]>;
  readonly sink: ProblemSink;
}

/** Index of a field in the SOQL, whatever its case; -1 when it is not selected. */
export function fieldIndex(source: Source, field: string): number {
  const wanted = field.toLowerCase();
  return source.fields.findIndex((path) => path.toLowerCase() === wanted);
}

/** Fields to an input; a field that the SOQL does not select is reported. */
export function fieldsInput(paths: readonly string[], at: YamlPath, context: MappingContext): Input {
  const { source, sink, file } = context;
  const indexes = paths.map((field, place) => {
    if (source === null) return 0;
    const index = fieldIndex(source, field);
    // A query without Id is told as such.
    if (index < 0 && field.toLowerCase() !== 'id') {
      const position = file.yaml.at(paths.length > 1 ? [...at, place] : at);
      const near = didYouMean(field, source.fields);
      const hint = near?.startsWith('Did') ? near : `Add ${field} to the SELECT.`;
      sink.report('unselected-field', position, `The SOQL does not select ${field}.`, hint);
    }
    return Math.max(0, index);
  });
  return {
    kind: 'fields',
    paths: source === null ? paths : indexes.map((index, place) => source.fields[index] ?? paths[place] ?? ''),
    indexes,
    join: null,
  };
}

/** A constant in the text form of PostgreSQL. */
export function constantInput(value: string | number | boolean | null): Input {
  return { kind: 'constant', value: value === null ? null : String(value) };
}
