/**
 * Some of the records that the org has, without their values: as much as a comparison of all of them needs. Kept as
 * text, because of hundreds of thousands nobody but the database looks at one.
 */
export interface OrgKeys {
  /** A line for each record in CSV; a blank `stamp` is none. */
  readonly csv: Buffer | string;
  /** What stands in a line, in order. */
  readonly columns: readonly KeyColumn[];
  /** True when another line may be about the same record, as where the org is asked in parts. */
  readonly mayRepeat: boolean;
}

/**
 * - `left_out`: `t` when a rule of `skip_when` leaves the record out, else `f`.
 * - `deleted`: `true` in the recycle bin; asked only where that is the question.
 * - `master_id`: of a merged record, the one that it was merged into.
 */
export type KeyColumn = 'source_id' | 'stamp' | 'left_out' | 'deleted' | 'master_id';

/** Where a record is that the org's answer to a mapping's query does not hold; one that is nowhere has none. */
export interface Whereabouts {
  readonly id: string;
  /** In the recycle bin, perhaps because it was merged; or there, but not what the mapping's filter means. */
  readonly reason: 'deleted' | 'merged' | 'left_filter';
  readonly masterId: string | null;
  /** ISO 8601; '' where the mapping reads no such field. */
  readonly stamp: string;
}
