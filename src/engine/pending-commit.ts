import type { Tx } from '../database/database.ts';
import type { MappedBatch, Rejection } from '../flow/mapped-batch.ts';
import type { Slice } from '../flow/slice.ts';
import { type EncodedPart, joinParts, type Loader } from '../load/load.ts';

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
  /** How many were left out, by reason. */
  readonly skipped: ReadonlyMap<string, number>;
  /** True for the last commit of its slice. */
  readonly last: boolean;
  /** Records of the whole slice; known with its last commit. */
  readonly total: number | null;
  /** What else happens in its transaction, when everything that was read before is committed; null but for the last. */
  readonly atEnd: ((tx: Tx) => Promise<void>) | null;
}

export interface CommitSizes {
  /** Records of a transaction. */
  readonly commitSize: number;
  /** Records staged together. */
  readonly batchSize: number;
}

/**
 * Cuts checked records into commits of `commit_size`: several to a batch, or several batches to one commit. Never over
 * the end of a slice, because a slice stands alone.
 */
export class CommitCutter {
  readonly #sizes: CommitSizes;
  readonly #encode: Loader['encode'];
  #parts: EncodedPart[] = [];
  /** The part that is being filled, as the pieces that it is made of. */
  #pieces: EncodedPart[] = [];
  #inPart = 0;
  #records = 0;
  #rejections: Rejection[] = [];
  #warnings = new Map<string, number>();
  #unchanged = 0;
  #skipped = new Map<string, number>();
  #ofSlice = 0;

  constructor(sizes: CommitSizes, encode: Loader['encode']) {
    this.#sizes = sizes;
    this.#encode = encode;
  }

  /** @param batch  a batch or a piece of one; encoded at once, so that its cells can go */
  *cut(batch: MappedBatch): Generator<PendingCommit, void, undefined> {
    const { commitSize, batchSize } = this.#sizes;
    this.#rejections.push(...batch.rejections);
    for (const [key, times] of batch.warnings) this.#warnings.set(key, (this.#warnings.get(key) ?? 0) + times);
    this.#unchanged += batch.unchanged;
    for (const [reason, times] of batch.skipped) this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + times);
    const { records } = batch;
    for (let from = 0; from < records.length;) {
      const room = Math.min(commitSize - this.#records, batchSize - this.#inPart);
      const piece = records.slice(from, from + room);
      from += piece.length;
      this.#pieces.push(this.#encode(piece));
      this.#inPart += piece.length;
      this.#records += piece.length;
      if (this.#inPart >= batchSize) this.#closePart();
      if (this.#records >= commitSize && !(batch.last && from >= records.length)) yield this.#take(batch, false);
    }
    if (batch.last || this.#rejections.length >= commitSize) yield this.#take(batch, batch.last);
  }

  #closePart(): void {
    if (this.#pieces.length > 0) this.#parts.push(joinParts(this.#pieces));
    this.#pieces = [];
    this.#inPart = 0;
  }

  #take({ slice, fields }: MappedBatch, last: boolean): PendingCommit {
    this.#closePart();
    const read =
      this.#records +
      this.#rejections.length +
      this.#unchanged +
      [...this.#skipped.values()].reduce((sum, times) => sum + times, 0);
    this.#ofSlice += read;
    const commit = {
      slice,
      fields,
      parts: this.#parts,
      rejections: this.#rejections,
      warnings: this.#warnings,
      read,
      unchanged: this.#unchanged,
      skipped: this.#skipped,
      last,
      total: last ? this.#ofSlice : null,
      atEnd: null,
    };
    if (last) this.#ofSlice = 0;
    this.#parts = [];
    this.#records = 0;
    this.#rejections = [];
    this.#warnings = new Map();
    this.#unchanged = 0;
    this.#skipped = new Map();
    return commit;
  }
}
