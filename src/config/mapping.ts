import type { Column, Table } from './table.ts';

/** A mapping as resolved from `mappings/NAME.yaml` with its table files and maps: checked, defaulted, frozen. */
export interface Mapping {
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Path relative to the project folder, for messages. */
  readonly file: string;
  /**
   * Hash over everything that decides what a record becomes: SOQL, columns, transforms, maps, table types. When it
   * changes, no record counts as known any more.
   */
  readonly version: string;
  readonly source: Source;
  /** In the order of the project's phases; the first one reads from the org, the others only link. */
  readonly phases: readonly MappingPhase[];
  /** The root first, then its extensions (base before derived), then children in file order. */
  readonly tables: readonly TableMapping[];
  readonly rules: readonly Rule[];
}

export interface Source {
  readonly object: string;
  /** As the author wrote it, or built from `object`, `where` and the fields that the mapping uses. */
  readonly soql: string;
  /** Selected field paths in order, as written in the SOQL (`Id`, `Account.Name`). */
  readonly fields: readonly string[];
  readonly api: 'auto' | 'rest' | 'bulk';
}

export interface MappingPhase {
  readonly phase: string;
  /** Records read, checked and staged together. */
  readonly batchSize: number;
  /** Records per transaction. */
  readonly commitSize: number;
  /** `table.column` of the links that this phase resolves; empty for the phase that reads. */
  readonly links: readonly string[];
  /** Names of mappings that must have run before, beside those that links imply. */
  readonly after: readonly string[];
}

export interface TableMapping {
  readonly table: Table;
  /**
   * - `root`: one row a record, found by `key`.
   * - `extension`: joined to the root by the shared primary key; one row a record.
   * - `child`: a row for each of `each`, found by `key` within its parent row.
   */
  readonly role: 'root' | 'extension' | 'child';
  /** Columns by which an existing row is found. For an extension, the primary key. */
  readonly key: readonly string[];
  readonly columns: readonly ColumnMapping[];
  /** For a child: the table whose row owns it, and the column that holds that row's primary key. */
  readonly parent: { readonly table: string; readonly column: string } | null;
  /** For a child: what one row takes from the record; index-aligned with `columns`. */
  readonly each: readonly EachEntry[];
  /** For a child: no row when this column is blank. */
  readonly skipWhenBlank: string | null;
  /** For a child: boolean column that is true in at most one row of a parent; the first entry wins. */
  readonly onePrimary: string | null;
}

/** Where each column of a child takes its value in this entry; index-aligned with {@link TableMapping.columns}. */
export interface EachEntry {
  readonly inputs: readonly Input[];
}

/** Where a value comes from. */
export type Input =
  /** First field that is not blank; index into {@link Source.fields} beside each path. */
  | { readonly kind: 'fields'; readonly paths: readonly string[]; readonly indexes: readonly number[] }
  | { readonly kind: 'constant'; readonly value: string | null };

export interface ColumnMapping {
  readonly column: Column;
  /** Not used by a child's columns: there each entry has its own. */
  readonly input: Input;
  readonly transforms: readonly TransformCall[];
  readonly map: ValueMap | null;
  /** A blank value here refuses the record (also when the table allows null). */
  readonly required: boolean;
  readonly format: 'email' | 'phone' | 'url' | 'salesforce_id' | null;
  readonly onNull: 'write' | 'keep' | 'default';
  readonly onUnknown: OnBad;
  readonly onInvalid: OnBad;
  readonly write: 'always' | 'once' | 'if_blank';
  readonly link: Link | null;
  readonly position: Position;
}

export type OnBad = 'quarantine' | 'null' | 'keep' | 'default';

export interface TransformCall {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A value map from `mappings/maps/NAME.yaml` or written in place. */
export interface ValueMap {
  readonly name: string;
  /** Keys are already folded when `ignoreCase` is set (trimmed, lower case). */
  readonly values: Readonly<Record<string, string>>;
  readonly ignoreCase: boolean;
}

export interface Link {
  /** Table that holds the parent rows. */
  readonly table: string;
  /** Parent column that the raw value is compared with: unique in its table. */
  readonly by: string;
  /** Parent column whose value is written: the one that the column references, else the parent's primary key. */
  readonly value: string;
  /** Name of the mapping that fills the parent table. */
  readonly mapping: string;
  readonly onMissing: 'wait' | 'null' | 'quarantine' | 'fail';
  /** Phase that resolves it, when that is not the phase that reads. */
  readonly phase: string | null;
}

/** A check over the target columns of one record, in CEL. */
export interface Rule {
  readonly name: string;
  readonly when: string | null;
  readonly check: string;
  readonly severity: 'error' | 'warn';
  readonly position: Position;
}

/** A place in a file of the project; line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
