import type { RowCode } from '../errors/row-codes.ts';
import type { Slice } from './slice.ts';
import type { SourceRecord } from './source-batch.ts';

/** Leave what the row has; on a new row, the column's default. Differs from null, which is written. */
export const KEEP: unique symbol = Symbol('keep');

/** A value on its way to a column: PostgreSQL's text form, null, or KEEP. */
export type CellValue = string | null | typeof KEEP;

/** The rows that one source record becomes. Lives from the mapping to the encoding of a batch, not longer. */
export interface MappedRecord {
  readonly source: SourceRecord;
  /** Cells of the root table and its extensions, in the order of the mapping's `cells` layout. */
  readonly cells: CellValue[];
  /**
   * Rows of each child table, in the order of the mapping's children. A list table has any number of them; another has
   * one place for each of its `each` entries: null where that entry gives no row. A row's cells follow that table's
   * columns.
   */
  readonly children: (CellValue[] | null)[][];
}

/** One record that could not be taken: where, why, and nothing of its values. */
export interface Rejection {
  readonly sourceId: string;
  readonly code: RowCode;
  /** Target column as `table.column`, or null when the whole record is at fault. */
  readonly column: string | null;
  /** Salesforce field that fed the column, where one did. */
  readonly field: string | null;
  /** Name of the rule, constraint or check that refused, where one did. */
  readonly rule: string | null;
  /** The record as it came, kept only in the quarantine table. */
  readonly record: Readonly<Record<string, string>>;
}

/** A value that was dropped or changed while its record was loaded. Counted, never listed with its value. */
export interface Warning {
  readonly code: RowCode;
  readonly column: string;
}

export interface MappedBatch {
  readonly slice: Slice;
  readonly fields: readonly string[];
  readonly records: readonly MappedRecord[];
  readonly rejections: readonly Rejection[];
  /** How often each warning was given, by `CODE table.column`. */
  readonly warnings: ReadonlyMap<string, number>;
  /** Source records in this batch that were not looked at because their hash is known, all of them unchanged. */
  readonly unchanged: number;
  /** How many records were left out by a rule in the YAML, by the rule's name. */
  readonly skipped: ReadonlyMap<string, number>;
  readonly last: boolean;
}
