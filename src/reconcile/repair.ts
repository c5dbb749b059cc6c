import type { Mapping } from '../config/mapping.ts';
import type { Tx } from '../database/database.ts';
import { type Difference, differences, type KeyCounts, lookAgainAtMissing } from '../state/key-comparison.ts';
import { noticeExtras } from '../state/notice-extras.ts';

/** What a run has to do so that a mapping agrees with the org again. */
export interface Repair {
  readonly mapping: string;
  /** Records to be read again by their ids. */
  readonly ids: readonly string[];
  /** True when there are so many that everything is read again instead, or the org was set back. */
  readonly everything: boolean;
  /** Deletions that were noticed and are to be carried out. */
  readonly noticed: number;
}

/** Of more, one query for everything is cheaper than a call for each 200. */
const MOST_BY_ID = 10_000;

const TO_READ: readonly Difference[] = ['lost', 'stale', 'row_missing'];

/**
 * Notes what the differences of this transaction call for: deletions where the mapping lets ids decide, and rows to be
 * made again. The next run that reads these records does the rest.
 * @param runId  what the notices are filed under
 */
export async function prepareRepair(
  tx: Tx,
  {
    mapping,
    mappingId,
    counts,
    runId,
  }: {
    readonly mapping: Mapping;
    readonly mappingId: number;
    readonly counts: Pick<KeyCounts, 'set_back'>;
    readonly runId: string;
  },
): Promise<Repair> {
  const ids = new Set<string>();
  for (const kind of TO_READ) {
    for await (const page of differences(tx, kind, MOST_BY_ID + 1))
      for (const record of page) ids.add(record.source_id);
  }
  await lookAgainAtMissing(tx, mappingId);
  const noticed = mapping.deletes?.reconcile === true ? await noticeExtras(tx, mappingId, runId) : 0;
  // Only where everything is read again counts what the org says now, whatever its stamp.
  const everything = ids.size > MOST_BY_ID || counts.set_back > 0;
  return { mapping: mapping.name, ids: everything ? [] : [...ids], everything, noticed };
}
