/** A target table as resolved from `mappings/tables/NAME.yaml`: checked, defaulted, frozen. */
export interface Table {
  readonly name: string;
  readonly description: string;
  /** Joined table: its primary key is also the base table's (`student.id = contact.id`). */
  readonly extends: string | null;
  /**
   * Primary key columns; `[id]` unless the file says otherwise. Several only where a pair of references makes the row:
   * such a table has no extensions and no child tables.
   */
  readonly primaryKey: readonly string[];
  /** In file order, the primary key first. */
  readonly columns: readonly Column[];
  /** Unique sets of more than one column, and single columns marked `unique`; not the primary key. */
  readonly unique: readonly (readonly string[])[];
  readonly indexes: readonly (readonly string[])[];
  /** Path relative to the project folder, for messages. */
  readonly file: string;
}

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** NOT NULL. */
  readonly required: boolean;
  /**
   * Filled by the database: a primary key, an integer or bigint from a sequence, a uuid at random; or a local column
   * that an existing database numbers or computes.
   */
  readonly generated: boolean;
  /** `now` stands for the time of the write, on timestamps. */
  readonly default: string | number | boolean | null;
  /** SQL of a default that only the database can work out; beside it `default` is null. */
  readonly dbDefault?: string;
  readonly references: Reference | null;
  readonly unique: boolean;
  readonly index: boolean;
  readonly check: Check | null;
  /** `local`: an import never writes it, not even on insert (the default does). */
  readonly owner: 'sync' | 'local';
  /** Engine-written times: set when the row is inserted, or whenever it changes. */
  readonly touch: 'insert' | 'change' | null;
  /** Personal: never in a log, a report or `--json`. */
  readonly pii: boolean;
  readonly description: string;
}

export interface ColumnValue {
  readonly column: Column;
  /** In PostgreSQL's text form. */
  readonly value: string | null;
}

export type ColumnType = ColumnKind & {
  /**
   * The column's own type, as PostgreSQL's `format_type` spells it, where it is not the one that the kind makes: an
   * existing database has `citext`, `"Role"` or `timestamp(6) without time zone`. Values are judged by the kind.
   */
  readonly dbType?: string;
};

type ColumnKind =
  | { readonly kind: 'string'; /** In characters. */ readonly length: number }
  | { readonly kind: 'text' }
  | { readonly kind: 'integer' }
  | { readonly kind: 'bigint' }
  | { readonly kind: 'numeric'; readonly precision: number | null; readonly scale: number | null }
  | { readonly kind: 'float' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'date' }
  /** With time zone, stored in UTC. */
  | { readonly kind: 'timestamp' }
  /** Stored as text with a check on the allowed values. */
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'json' }
  | { readonly kind: 'uuid' };

export interface Reference {
  readonly table: string;
  readonly column: string;
  readonly onDelete: 'restrict' | 'cascade' | 'set_null';
}

/** A range from `check: "between 0 and 12"`, `">= 0"` and the like; ends are inclusive unless marked. */
export interface Check {
  readonly min: number | null;
  readonly max: number | null;
  readonly minExclusive: boolean;
  readonly maxExclusive: boolean;
}

/** @returns the one primary key column; null when several columns make the key */
export function soleKey({ primaryKey }: Table): string | null {
  return primaryKey.length === 1 ? (primaryKey[0] ?? null) : null;
}

/** @throws RangeError when several columns make the key: callers have checked at the door */
export function rowKey(table: Table): string {
  const key = soleKey(table);
  if (key === null) throw new RangeError(`the key of table ${table.name} has several columns`);
  return key;
}

/** @throws RangeError when the table has no such column: callers have checked names at the door. */
export function columnOf(table: Table, name: string): Column {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new RangeError(`table ${table.name} has no column ${name}`);
  return column;
}
