import { ahead } from '../flow/ahead.ts';
import type { MappedBatch } from '../flow/mapped-batch.ts';
import type { SourceBatch, SourceRecord } from '../flow/source-batch.ts';
import type { Tx } from '../database/database.ts';
import { type ChangeFilter, latestOfEach } from './changed-records.ts';
import { CommitQueue } from './commit-queue.ts';
import type { RecordMapper } from './map-records.ts';
import type { CommitCutter, PendingCommit } from './pending-commit.ts';

/** What stands along the way of a step's records. */
export interface Path {
  readonly onlyChanged: ChangeFilter;
  readonly mapper: RecordMapper;
  readonly cutter: CommitCutter;
  readonly commit: (pending: PendingCommit) => Promise<void>;
  readonly commitsAtOnce: number;
  readonly signal: AbortSignal;
  /** Slices of the step so far: what is read once more is a slice of its own. */
  slices: number;
}

/**
 * Takes records along the path until there are no more.
 * @param atEnd  what else the last commit does, once all others are committed
 * @returns whether there was a commit that could do it
 */
export async function walk(
  batches: AsyncIterable<SourceBatch>,
  path: Path,
  atEnd: ((tx: Tx) => Promise<void>) | null = null,
): Promise<boolean> {
  const { cutter, signal, mapper } = path;
  const commits = new CommitQueue(path.commitsAtOnce, signal);
  // One is always held back: only when there is none after it is it the last one.
  let held: PendingCommit | null = null;
  try {
    const before = path.slices;
    for await (const read of ahead(batches, 1)) {
      const batch = { ...read, slice: { ...read.slice, ordinal: before + read.slice.ordinal } };
      path.slices = batch.slice.ordinal;
      const changed = await path.onlyChanged(latestOfEach(batch));
      await mapper.prepare(changed);
      for (const piece of piecesOf(changed, batch)) {
        const checked: MappedBatch = { ...mapper.map(piece), unchanged: piece.unchanged };
        for (const pending of cutter.cut(checked)) {
          const next = held;
          held = pending;
          if (next !== null) await commits.add(commitOf(next, path));
        }
      }
      signal.throwIfAborted();
    }
  } catch (error) {
    // What was read and checked is kept, also when no more can be read: the next run goes on from there.
    if (held !== null && !commits.isStopped()) await commits.add(commitOf(held, path));
    throw error;
  } finally {
    await commits.settle();
  }
  commits.throwFirstError();
  if (held === null) return false;
  await path.commit({ ...held, atEnd });
  return true;
}

function commitOf(pending: PendingCommit, path: Path): () => Promise<void> {
  return async () => path.commit(pending);
}

/** Records mapped, checked and encoded in one go: few enough to be garbage before the collector has moved them. */
const PIECE = 500;

/** Cuts what is left of a batch into pieces; at least one, which carries what is not about a record. */
function* piecesOf(
  records: readonly SourceRecord[],
  batch: SourceBatch,
): Generator<SourceBatch & { unchanged: number }> {
  let unchanged = batch.records.length - records.length;
  for (let from = 0; from === 0 || from < records.length; from += PIECE) {
    const last = batch.last && from + PIECE >= records.length;
    yield { ...batch, records: records.slice(from, from + PIECE), last, unchanged };
    unchanged = 0;
  }
}
