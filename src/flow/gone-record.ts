/** A record that the source has no more, or that the mapping's filter no longer means. */
export interface GoneRecord {
  readonly sourceId: string;
  /**
   * - `deleted`: it lies in the recycle bin.
   * - `merged`: so, because it was merged into another one.
   * - `left_filter`: it is there, but the mapping's filter does not mean it.
   * - `purged`: it is not there at all.
   */
  readonly reason: 'deleted' | 'merged' | 'left_filter' | 'purged';
  /** Of a merged record, the one that it was merged into. */
  readonly masterId: string | null;
  /** When it was last changed, ISO 8601; null where nobody can tell: then it is gone whatever is known of it. */
  readonly stamp: string | null;
}
