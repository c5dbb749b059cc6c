import type { ColumnChange } from '../flow/counts.ts';
import type { GoneRecord } from '../flow/gone-record.ts';
import type { Difference } from '../state/key-comparison.ts';

/** How the org and the target agree for one mapping, in records, as `--json` shows it. */
export interface MappingComparison {
  readonly mapping: string;
  readonly object: string;
  /** Records that the mapping's query means: the sum of those from `here` to `lost`. */
  readonly in_org: number;
  /** Loaded, this version or an older one. */
  readonly here: number;
  readonly quarantined: number;
  /** Quarantined once, and discarded by a person. */
  readonly discarded: number;
  /** Wait for a parent without which there is no row. */
  readonly deferred: number;
  /** By a rule of the mapping, or because the row must not be touched. */
  readonly left_out: number;
  /** New since the last run. */
  readonly new: number;
  readonly lost: number;
  /** Of those here: changed since the last run. */
  readonly changed: number;
  /** Of those here: older than what an earlier run must have read. */
  readonly stale: number;
  /** Of those here, and of those lost that were deleted here: older in the org, which was set back. */
  readonly set_back: number;
  /** Of those here: the row that was written is not there any more. */
  readonly row_missing: number;
  /** Here, and gone from the org since the last run. */
  readonly gone: number;
  /** Here, gone from the org, and noticed by a run: waits to be carried out, or stays by policy. */
  readonly noticed: number;
  /** Here, and no longer meant by the filter, which the mapping lets be. */
  readonly kept: number;
  /** Here, and not in the org's answer. */
  readonly extra: number;
  readonly extra_reasons: Readonly<Record<ExtraReason, number>>;
  /** True where the mapping says `detect: [reconcile]`: then a repair deals with what is extra, by its `action`. */
  readonly extra_may_go: boolean;
  /** False where nobody can tell which row is whose. */
  readonly rows_checked: boolean;
  /** At most so many of each kind as were asked for. */
  readonly differences: readonly DifferenceEntry[];
  readonly api_calls: number;
  readonly duration_ms: number;
}

/** `not_asked`: there were too many to ask for them one by one. */
export type ExtraReason = GoneRecord['reason'] | 'not_asked';

/** One record that differs; never a value of it. */
export interface DifferenceEntry {
  readonly mapping: string;
  readonly kind: Difference;
  readonly id: string;
  readonly reason: ExtraReason | null;
}

/** How many rows hold another value than the mapping makes of the org's records today. */
export interface ValueDifference extends ColumnChange {
  readonly mapping: string;
  /** `table.column`. */
  readonly column: string;
}

/** Rows that the mapping makes of the org's records and that are not there: of children, too. */
export interface MissingRows {
  readonly mapping: string;
  readonly table: string;
  readonly rows: number;
}

/** Whether somebody must look at it. */
export function differs({ lost, extra, stale, set_back: back, row_missing: missing }: MappingComparison): boolean {
  return lost + extra + stale + back + missing > 0;
}
