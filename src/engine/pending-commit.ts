import type { MappedBatch, MappedRecord, Rejection } from '../flow/mapped-batch.ts';
import type { Slice } from '../flow/slice.ts';
import type { EncodedPart, Loader } from '../load/load.ts';

/** What one transaction will do: records in parts of at most a batch, and what else ends with it. */
export interface PendingCommit {
  readonly slice: Slice;
  readonly fields: readonly string[];
  /** Staged one after another; each at most `batch_size` records. */
  readonly parts: readonly EncodedPart[];
  readonly rejections: readonly Rejection[];
  readonly warnings: ReadonlyMap<string, number>;
  /** Records of the slice that end with this commit, in all. */
  readonly read: number;
  readonly unchanged: number;
  readonly skipped: number;
  /** True for the last commit of its slice. */
  readonly last: boolean;
}

/**
 * Cuts checked batches into commits of `commit_size` records: several to a batch, or several batches to one commit.
 * Never over the end of a slice, because a slice stands alone.
 */
export class CommitCutter {
  readonly #commitSize: number;
  readonly #encode: Loader['encode'];
  #parts: EncodedPart[] = [];
  #records = 0;
  #rejections: Rejection[] = [];
  #warnings = new Map<string, number>();
  #unchanged = 0;
  #skipped = 0;

  constructor(commitSize: number, encode: Loader['encode']) {
    this.#commitSize = commitSize;
    this.#encode = encode;
  }

  *cut(batch: MappedBatch): Generator<PendingCommit, void, undefined> {
    this.#rejections.push(...batch.rejections);
    for (const [key, times] of batch.warnings) this.#warnings.set(key, (this.#warnings.get(key) ?? 0) + times);
    this.#unchanged += batch.unchanged;
    this.#skipped += batch.skipped;
    const records = this.#latestOfEach(batch.records);
    for (let from = 0; from < records.length;) {
      const part = records.slice(from, from + this.#commitSize - this.#records);
      from += part.length;
      this.#parts.push(this.#encode(part));
      this.#records += part.length;
      const last = batch.last && from >= records.length;
      if (this.#records >= this.#commitSize && !last) yield this.#take(batch, false);
    }
    if (batch.last || this.#rejections.length >= this.#commitSize) yield this.#take(batch, batch.last);
  }

  #take({ slice, fields }: MappedBatch, last: boolean): PendingCommit {
    const commit = {
      slice,
      fields,
      parts: this.#parts,
      rejections: this.#rejections,
      warnings: this.#warnings,
      read: this.#records + this.#rejections.length + this.#unchanged + this.#skipped,
      unchanged: this.#unchanged,
      skipped: this.#skipped,
      last,
    };
    this.#parts = [];
    this.#records = 0;
    this.#rejections = [];
    this.#warnings = new Map();
    this.#unchanged = 0;
    this.#skipped = 0;
    return commit;
  }

  /** A record that comes twice in a batch is loaded once, as it was last; the older one changes nothing. */
  #latestOfEach(records: readonly MappedRecord[]): readonly MappedRecord[] {
    const latest = new Map<string, MappedRecord>();
    for (const record of records) {
      const { source } = record;
      const other = latest.get(source.id)?.source;
      if (other === undefined || source.stamp >= other.stamp) latest.set(source.id, record);
    }
    if (latest.size === records.length) return records;
    this.#unchanged += records.length - latest.size;
    return [...latest.values()];
  }
}
