/**
 * One difference between the table files and the database.
 * `wider_type`, `extra_column` and `extra_table` are told and left alone: they have no SQL.
 */
export type ChangeKind =
  | 'create_schema'
  | 'create_type'
  | 'create_table'
  | 'add_column'
  | 'widen_type'
  | 'wider_type'
  | 'change_type'
  | 'set_not_null'
  | 'drop_not_null'
  | 'set_default'
  | 'change_primary_key'
  | 'add_unique'
  | 'add_index'
  | 'add_check'
  | 'drop_check'
  | 'add_reference'
  | 'change_reference'
  | 'extra_column'
  | 'extra_table';

export interface TableChange {
  readonly kind: ChangeKind;
  readonly table: string;
  readonly column: string | null;
  /** True when no row is lost or refused by it. Rows that are there now were looked at. */
  readonly safe: boolean;
  /** What would do it; null where nothing is to be done or a person must decide how. */
  readonly sql: string | null;
  /** For a person. */
  readonly sentence: string;
}
