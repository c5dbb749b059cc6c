/** What `sluice db pull` has to say about something that a table file cannot say. */
export interface PullWarning {
  readonly table: string;
  readonly column: string | null;
  readonly code:
    | 'not_pulled'
    | 'no_primary_key'
    | 'key_by_app'
    | 'not_written'
    | 'name_not_possible'
    | 'default_not_said'
    | 'check_not_said'
    | 'unique_not_said'
    | 'index_not_said'
    | 'reference_not_said'
    | 'row_security'
    | 'column_gone'
    | 'file_unreadable';
  readonly message: string;
  /** What to do about it. */
  readonly next: string;
}

/** A table file as it is to be written: keys in the order of the hand-written ones, each only where it says something. */
export interface TableDraft {
  readonly table: string;
  readonly description: string;
  readonly extends: string | null;
  /** With `extends`; null where it is the `cascade` that goes without saying. */
  readonly onDelete: string | null;
  /** Null where it goes without saying. */
  readonly primaryKey: readonly string[] | null;
  readonly columns: readonly ColumnDraft[];
  readonly unique: readonly (readonly string[])[];
  readonly indexes: readonly (readonly string[])[];
  /** `x-` keys that a person wrote. */
  readonly free: Readonly<Record<string, unknown>>;
}

export interface ColumnDraft {
  readonly name: string;
  readonly type: string;
  readonly values: readonly string[] | null;
  readonly dbType: string | null;
  readonly generated: boolean;
  readonly required: boolean;
  readonly unique: boolean;
  readonly default: string | number | boolean | null;
  readonly dbDefault: string | null;
  readonly references: string | null;
  readonly onDelete: string | null;
  readonly index: boolean;
  readonly check: string | null;
  readonly owner: 'sync' | 'local';
  readonly touch: 'insert' | 'change' | null;
  readonly pii: boolean;
  readonly description: string;
  readonly free: Readonly<Record<string, unknown>>;
  /** Remarks for whoever reads the file. */
  readonly notes: readonly string[];
}
