import type { Queryable } from '../database/database.ts';
import { DELETED, LOOK_AGAIN } from './records.ts';

/** The hash of no record either: the row stays, and nobody asks the source for its record any more. */
const NOT_ASKED_FOR = `'eeeeeeee-eeee-eeee-eeee-eeeeeeeeeeee'::uuid`;

/** Those of these records that have been loaded, and are not deleted. */
export async function loadedAmong(
  database: Queryable,
  mappingId: number,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await database.query<{ source_id: string }>(
    `SELECT source_id FROM sluice.record WHERE mapping_id = $1 AND source_id = ANY($2) AND hash <> ${DELETED}`,
    [mappingId, ids],
  );
  return new Set(rows.map(({ source_id: id }) => id));
}

/** Forgets that these records are kept back, or to be looked at again. What becomes of their rows is not decided here. */
export async function forgetVanished(tx: Queryable, mappingId: number, ids: readonly string[]): Promise<void> {
  await tx.query('DELETE FROM sluice.left_out WHERE mapping_id = $1 AND source_id = ANY($2)', [mappingId, ids]);
  await tx.query('DELETE FROM sluice.waiting_link WHERE mapping_id = $1 AND source_id = ANY($2) AND row_id IS NULL', [
    mappingId,
    ids,
  ]);
  await tx.query(
    `UPDATE sluice.record SET hash = ${NOT_ASKED_FOR}
     WHERE mapping_id = $1 AND source_id = ANY($2) AND hash = ${LOOK_AGAIN}`,
    [mappingId, ids],
  );
}

/** Some of the mapping's records that were loaded as they were in the org, whichever: by their hashes. */
export async function someLoaded(database: Queryable, mappingId: number, most: number): Promise<readonly string[]> {
  const { rows } = await database.query<{ source_id: string }>(
    `SELECT source_id FROM sluice.record r
     WHERE mapping_id = $1 AND hash NOT IN (${LOOK_AGAIN}, ${DELETED}, ${NOT_ASKED_FOR})
       AND NOT EXISTS (SELECT 1 FROM sluice.deletion d WHERE d.mapping_id = $1 AND d.source_id = r.source_id)
     ORDER BY hash LIMIT $2`,
    [mappingId, most],
  );
  return rows.map(({ source_id: id }) => id);
}
