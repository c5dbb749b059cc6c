import type { Queryable } from '../database/database.ts';
import { DELETED, LOOK_AGAIN } from './records.ts';
import { KEPT_STATE, LEDGER, NET_CHANGES } from './row-changes.ts';
import { forgetUnfinished } from './unfinished-jobs.ts';

/**
 * Makes the next run of these mappings look at every record and every link again: what the ledger says of them is no
 * longer what the rows are. Deletions that the run carried out are to be carried out again; those that it took back,
 * because the record had returned, are as they were, so that they are taken back again.
 */
export async function forgetWhatWasDone(tx: Queryable, mappings: readonly string[]): Promise<void> {
  const which = 'mapping_id IN (SELECT id FROM sluice.mapping WHERE name = ANY($1))';
  await tx.query(
    `UPDATE sluice.record SET hash = ${LOOK_AGAIN} WHERE ${which} AND hash <> ${LOOK_AGAIN} AND hash <> ${DELETED}`,
    [mappings],
  );
  await tx.query(
    `UPDATE sluice.waiting_link SET linked_at = NULL WHERE ${which} AND linked_at IS NOT NULL AND row_id IS NOT NULL`,
    [mappings],
  );
  await tx.query(
    `UPDATE sluice.record r SET row_id = c.before->>'row_id', holds = (c.before->>'holds')::boolean FROM ${NET_CHANGES} c
     WHERE c.table_name = $1 AND r.mapping_id = (c.row_key->>'mapping_id')::int AND r.source_id = c.row_key->>'source_id'`,
    [LEDGER],
  );
  await forgetUnfinished(tx, mappings);
  await undoDeletions(tx);
}

async function undoDeletions(tx: Queryable): Promise<void> {
  await tx.query(
    `WITH undone AS (
       UPDATE sluice.deletion d SET status = 'pending', done_at = NULL, row_id = NULL, before = NULL FROM ${NET_CHANGES} c
       WHERE c.table_name = $1 AND d.mapping_id = (c.row_key->>'mapping_id')::int AND d.source_id = c.row_key->>'source_id'
         AND c.after->>'status' = 'done' AND c.before->>'status' IS DISTINCT FROM 'done' AND d.status = 'done'
       RETURNING d.mapping_id, d.source_id
     )
     UPDATE sluice.record r SET hash = ${LOOK_AGAIN} FROM undone u
     WHERE r.mapping_id = u.mapping_id AND r.source_id = u.source_id`,
    [KEPT_STATE.table],
  );
  await tx.query(
    `WITH again AS (
       INSERT INTO sluice.deletion
       SELECT d.* FROM ${NET_CHANGES} c, jsonb_populate_record(NULL::sluice.deletion, c.before) d
       WHERE c.table_name = $1 AND c.before->>'status' = 'done' AND c.after IS NULL ON CONFLICT DO NOTHING
       RETURNING mapping_id, source_id, stamp
     )
     UPDATE sluice.record r SET hash = ${DELETED}, stamp = a.stamp FROM again a
     WHERE r.mapping_id = a.mapping_id AND r.source_id = a.source_id`,
    [KEPT_STATE.table],
  );
}
