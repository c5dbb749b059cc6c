import type { Tx } from '../database/database.ts';
import { noticeDeletions } from './deletions.ts';
import { differences } from './key-comparison.ts';

/**
 * Notes as gone the records that the comparison of this transaction has found extra, and why. Those of which nobody
 * knows where they are stay: a lost permission looks the same as a deletion.
 * @returns how many were noticed for the first time
 */
export async function noticeExtras(tx: Tx, mappingId: number, runId: string): Promise<number> {
  let noticed = 0;
  for await (const page of differences(tx, 'extra')) {
    const gone = page.flatMap(({ source_id: sourceId, reason, master_id: masterId, stamp }) =>
      reason === null ? [] : [{ sourceId, reason, masterId, stamp: stamp?.toISOString() ?? null }],
    );
    noticed += await noticeDeletions(tx, mappingId, runId, gone);
  }
  return noticed;
}
