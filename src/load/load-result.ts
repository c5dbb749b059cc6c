import type { RowCode } from '../errors/row-codes.ts';
import type { ColumnChange, TableCounts } from '../flow/counts.ts';
import type { Stage } from '../flow/stage.ts';

/** A record that a link keeps out. */
export interface Unresolved {
  readonly sourceId: string;
  /** `table.column` of the link. */
  readonly link: string;
  readonly field: string | null;
  readonly reference: string;
  readonly policy: 'wait' | 'quarantine' | 'fail';
}

/** A record that is left out by a link's rule because its parent is not here. */
export type WithoutParent = Pick<Unresolved, 'sourceId' | 'link' | 'reference'>;

/** A record that is not written because of the row that is there, or is not. */
export interface Refused {
  readonly sourceId: string;
  readonly code: RowCode;
  /** `table.column`, or null when the whole row is at fault. */
  readonly column: string | null;
}

/** What the database says it did with one commit. */
export interface LoadResult {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly tables: Readonly<Record<string, TableCounts>>;
  /** By `table.column`; filled in a preview only. */
  readonly changes: ReadonlyMap<string, ColumnChange>;
  readonly unresolved: readonly Unresolved[];
  readonly refused: readonly Refused[];
  /** Ids of the records that were left out, by reason. */
  readonly skipped: ReadonlyMap<string, readonly string[]>;
  /** Those of them that were left out for want of a parent. */
  readonly leftOut: readonly WithoutParent[];
  /** How often each warning was given, by `CODE table.column`. */
  readonly warnings: ReadonlyMap<string, number>;
  /** Primary keys, as text, of the root rows of the records that count as updated. */
  readonly changed: ReadonlySet<string>;
  /** True when no staged record had a row before: what follows may skip looking for older state. */
  readonly allFresh: boolean;
  readonly stage: Stage;
}
