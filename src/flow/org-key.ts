/** A record that the org has, without its values: as much as a comparison of all records needs. */
export interface OrgKey {
  /** 18 characters. */
  readonly id: string;
  /** When it was last changed, ISO 8601; '' where the mapping reads no such field. */
  readonly stamp: string;
  /** True when a rule of `skip_when` leaves it out. */
  readonly leftOut: boolean;
}

/** Where a record is that the org's answer to a mapping's query does not hold; one that is nowhere has none. */
export interface Whereabouts {
  readonly id: string;
  /** In the recycle bin, perhaps because it was merged; or there, but not what the mapping's filter means. */
  readonly reason: 'deleted' | 'merged' | 'left_filter';
  readonly masterId: string | null;
  /** ISO 8601; '' where the mapping reads no such field. */
  readonly stamp: string;
}
