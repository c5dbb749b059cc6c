import { toCompareAgain } from '../state/contenders.ts';
import type { CommitDeps } from './commit-deps.ts';
import { unchangedRows } from './unchanged-rows.ts';

/** Records that are read again in one go. */
const COMPARED_AT_ONCE = 2_000;

/**
 * Reads the records once more whose rows showed one that has changed. They were counted when they came first: what is
 * counted now takes the place of that.
 * @param read  takes the records of these ids along the path once more
 */
export async function compareAgain(
  read: (ids: readonly string[]) => Promise<unknown>,
  { scope, known, tally, merged, mapping }: CommitDeps,
): Promise<void> {
  for (let after = ''; ;) {
    const ids = await toCompareAgain(scope, known.mappingId, { after, count: COMPARED_AT_ONCE });
    if (ids.length === 0) return;
    after = ids.at(-1) ?? '';
    const before = ids.filter((id) => merged.has(id)).length;
    const { read: soFar } = tally.counts;
    await read(ids);
    // Only a full reading has counted those that were not merged, as unchanged.
    const again = tally.reading?.kind === 'full' ? tally.counts.read - soFar : before;
    const unchanged = again - before;
    tally.add({ read: -again, skipped: -before, unchanged: -unchanged });
    tally.addSkipped(new Map([['merged', -before]]));
    tally.addTables(unchangedRows(mapping, -unchanged));
  }
}
