/**
 * Where the records of a step ended, in source records. The first line of the promise: `read` equals the sum of
 * `inserted`, `updated`, `unchanged`, `deleted`, `deferred`, `quarantined` and `skipped`.
 */
export interface Counts {
  readonly read: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly deferred: number;
  readonly quarantined: number;
  readonly skipped: number;
  readonly deleted: number;
  /** Values that were dropped or shortened while their record was loaded; not a place where a record ends. */
  readonly warnings: number;
}

export interface TableCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly deleted: number;
}

/** What a plan would change in one column. */
export interface ColumnChange {
  readonly rows: number;
  /** At most three; masked, because a plan is a report like any other. */
  readonly samples: readonly { readonly from: string; readonly to: string }[];
}

export interface LinkCounts {
  /** Links written by this step, in rows. */
  readonly linked: number;
  /** Links whose parent is not here, after this step, in rows. */
  readonly waiting: number;
  /** Distinct parents that are waited for. */
  readonly missing_parents: number;
}

export const NO_COUNTS: Counts = {
  read: 0,
  inserted: 0,
  updated: 0,
  unchanged: 0,
  deferred: 0,
  quarantined: 0,
  skipped: 0,
  deleted: 0,
  warnings: 0,
};

export const NO_TABLE_COUNTS: TableCounts = { inserted: 0, updated: 0, unchanged: 0, deleted: 0 };

export const NO_LINK_COUNTS: LinkCounts = { linked: 0, waiting: 0, missing_parents: 0 };

export function addCounts(a: Counts, b: Partial<Counts>): Counts {
  return {
    read: a.read + (b.read ?? 0),
    inserted: a.inserted + (b.inserted ?? 0),
    updated: a.updated + (b.updated ?? 0),
    unchanged: a.unchanged + (b.unchanged ?? 0),
    deferred: a.deferred + (b.deferred ?? 0),
    quarantined: a.quarantined + (b.quarantined ?? 0),
    skipped: a.skipped + (b.skipped ?? 0),
    deleted: a.deleted + (b.deleted ?? 0),
    warnings: a.warnings + (b.warnings ?? 0),
  };
}

export function addTableCounts(a: TableCounts, b: Partial<TableCounts>): TableCounts {
  return {
    inserted: a.inserted + (b.inserted ?? 0),
    updated: a.updated + (b.updated ?? 0),
    unchanged: a.unchanged + (b.unchanged ?? 0),
    deleted: a.deleted + (b.deleted ?? 0),
  };
}

/** Records that ended nowhere (positive) or twice (negative). Zero, or the run is wrong. */
export function unaccounted(counts: Counts): number {
  return (
    counts.read -
    (counts.inserted +
      counts.updated +
      counts.unchanged +
      counts.deleted +
      counts.deferred +
      counts.quarantined +
      counts.skipped)
  );
}
