import { SyncError } from '../errors/sync-error.ts';
import {
  addCounts,
  addTableCounts,
  type ColumnChange,
  type Counts,
  type LinkCounts,
  NO_COUNTS,
  NO_LINK_COUNTS,
  NO_TABLE_COUNTS,
  type TableCounts,
  unaccounted,
} from '../flow/counts.ts';
import type { ReadingReport } from '../flow/run-events.ts';
import type { Rejection } from '../flow/mapped-batch.ts';

/**
 * So many records may be quarantined whatever their share. Of a small window a few bad records are most of it, and a step
 * that stops there helps nobody: they are kept and told, and the next night's are read.
 */
const FEWEST_TO_STOP = 20;

/** Samples of one column in a plan. */
const MOST_SAMPLES = 3;

/** What a step has done so far; only what is committed is added. */
export class StepTally {
  counts: Counts = NO_COUNTS;
  links: LinkCounts = NO_LINK_COUNTS;
  /** What is being read, or was read last. */
  reading: ReadingReport | null = null;
  /** Where the watermark has moved to. */
  watermark: string | null = null;
  /** Records to come, where the org has told. */
  expected: number | null = null;
  readonly tables: Record<string, TableCounts> = {};
  readonly warnings = new Map<string, number>();
  readonly quarantined = new Map<string, number>();
  /** How many of the quarantined records were not in quarantine before. */
  newlyQuarantined = 0;
  /** How many records were left out, by reason; `counts.skipped` is their sum. */
  readonly skipped = new Map<string, number>();
  /** By `table.column`; only a plan asks the database for them. */
  readonly changes = new Map<string, ColumnChange>();

  add(counts: Partial<Counts>): void {
    this.counts = addCounts(this.counts, counts);
  }

  addTables(tables: Readonly<Record<string, Partial<TableCounts>>>): void {
    for (const [name, counts] of Object.entries(tables)) {
      this.tables[name] = addTableCounts(this.tables[name] ?? NO_TABLE_COUNTS, counts);
    }
  }

  addLinked(rows: number): void {
    this.links = { ...this.links, linked: this.links.linked + rows };
  }

  addWarnings(warnings: ReadonlyMap<string, number>): void {
    for (const [key, times] of warnings) {
      this.warnings.set(key, (this.warnings.get(key) ?? 0) + times);
      this.add({ warnings: times });
    }
  }

  addSkipped(skipped: ReadonlyMap<string, number>): void {
    for (const [reason, times] of skipped) {
      const sum = (this.skipped.get(reason) ?? 0) + times;
      if (sum === 0) this.skipped.delete(reason);
      else this.skipped.set(reason, sum);
    }
  }

  addChanges(changes: ReadonlyMap<string, ColumnChange>): void {
    for (const [column, { rows, samples }] of changes) {
      const known = this.changes.get(column) ?? { rows: 0, samples: [] };
      const kept = [...known.samples, ...samples].slice(0, MOST_SAMPLES);
      this.changes.set(column, { rows: known.rows + rows, samples: kept });
    }
  }

  /**
   * Counts where they are counted already in `counts`: by what was refused.
   * @param fresh  how many of them were not in quarantine before
   */
  addRejections(rejections: readonly Rejection[], fresh: number): void {
    this.newlyQuarantined += fresh;
    for (const { code, column, rule } of rejections) {
      const what = column ?? (code === 'RULE_FAILED' ? rule : null);
      const key = what === null ? code : `${code} ${what}`;
      this.quarantined.set(key, (this.quarantined.get(key) ?? 0) + 1);
    }
  }

  /**
   * Only records that were not in quarantine before count: a person was told of the others, and a step that stopped for
   * their sake again and again would never come to the rest.
   * @param share  of the records that are read, 0 to 1; null for no limit
   * @throws SyncError QUARANTINE_LIMIT when more are quarantined, and more than a few
   */
  holdLimit(share: number | null, mapping: string): void {
    const { newlyQuarantined: quarantined } = this;
    if (share === null || quarantined < FEWEST_TO_STOP) return;
    // Bad records can come in a row: measured against all that will come, where that is known.
    const of = Math.max(this.counts.read, this.expected ?? 0);
    if (quarantined <= share * of) return;
    throw new SyncError(
      'QUARANTINE_LIMIT',
      `${mapping}: ${quarantined} of ${of} records were quarantined, past the limit of ${share * 100} %.`,
      { details: { quarantined, of, limit: share, by: Object.fromEntries(this.quarantined) } },
    );
  }

  /** @throws SyncError INTERNAL when a record ended nowhere, or twice */
  holdPromise(mapping: string): void {
    const difference = unaccounted(this.counts);
    if (difference === 0) return;
    throw new SyncError('INTERNAL', `${mapping}: ${difference} records are not accounted for.`, {
      details: { counts: this.counts },
    });
  }
}
