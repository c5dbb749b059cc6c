import type { Queryable } from '../database/database.ts';
import { DELETED, LOOK_AGAIN } from './records.ts';

/** The state's own table whose rows a revert needs as they were; kept like a target table, and put right below. */
export const KEPT_STATE = { table: 'sluice.deletion', key: ['mapping_id', 'source_id'] } as const;

/** From here to the end of the transaction, triggers keep what happens to rows as a doing of this run. */
export async function keepChanges(tx: Queryable, runId: string): Promise<void> {
  await tx.query(`SELECT set_config('sluice.run_id', $1, true)`, [runId]);
}

/** Says of a run that all its changes will be kept. Call it before its first change. */
export async function markKept(database: Queryable, runId: string): Promise<void> {
  await database.query('UPDATE sluice.run SET keeps_history = true WHERE id = $1', [runId]);
}

/**
 * Forgets the changes of runs that began longer ago: of each run all, because half a run cannot be taken back.
 * @returns runs that can no longer be reverted
 */
export async function forgetOldChanges(database: Queryable, project: string, keepSeconds: number): Promise<number> {
  const { rows } = await database.query<{ runs: number }>(
    `WITH old AS (
       UPDATE sluice.run SET keeps_history = false
       WHERE project = $1 AND keeps_history AND started_at < now() - $2 * interval '1 second' RETURNING id
     ), forgotten AS (
       DELETE FROM sluice.row_change c USING old WHERE c.run_id = old.id
     )
     SELECT count(*)::int AS runs FROM old`,
    [project, keepSeconds],
  );
  return rows[0]?.runs ?? 0;
}

export interface KeptRun {
  readonly keepsHistory: boolean;
  /** The run that has undone it, or null. */
  readonly revertedBy: string | null;
}

export async function findKeptRun(database: Queryable, runId: string): Promise<KeptRun> {
  const { rows } = await database.query<{ keeps_history: boolean; reverted_by: string | null }>(
    'SELECT keeps_history, reverted_by FROM sluice.run WHERE id = $1',
    [runId],
  );
  return { keepsHistory: rows[0]?.keeps_history ?? false, revertedBy: rows[0]?.reverted_by ?? null };
}

/** What a run made of each row, gathered for one transaction in a table of its own. */
export const NET_CHANGES = 'sluice_net_change';

/**
 * Fills {@link NET_CHANGES}: `table_name`, `row_key`, `before` and `after` of each row that the run left otherwise than
 * it found it.
 * @returns the target tables among them, with their schemas, quoted
 */
export async function gatherNetChanges(tx: Queryable, runId: string): Promise<readonly string[]> {
  await tx.query(
    `CREATE TEMPORARY TABLE ${NET_CHANGES} (
       table_name text NOT NULL, row_key jsonb NOT NULL, before jsonb, after jsonb) ON COMMIT DROP`,
  );
  await tx.query(
    `INSERT INTO ${NET_CHANGES} (table_name, row_key, before, after)
     SELECT first.table_name, first.row_key, first.before, last.after
     FROM (SELECT min(id) AS first_id, max(id) AS last_id FROM sluice.row_change WHERE run_id = $1
           GROUP BY table_name, row_key) ends
     JOIN sluice.row_change first ON first.run_id = $1 AND first.id = ends.first_id
     JOIN sluice.row_change last ON last.run_id = $1 AND last.id = ends.last_id
     WHERE first.before IS DISTINCT FROM last.after`,
    [runId],
  );
  await tx.query(`CREATE INDEX ON ${NET_CHANGES} (table_name); ANALYZE ${NET_CHANGES} (table_name)`);
  const { rows } = await tx.query<{ table_name: string }>(
    `SELECT DISTINCT table_name FROM ${NET_CHANGES} WHERE table_name <> $1 ORDER BY table_name`,
    [KEPT_STATE.table],
  );
  return rows.map(({ table_name: name }) => name);
}

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
    `WITH undone AS (
       UPDATE sluice.deletion d SET status = 'pending', done_at = NULL FROM ${NET_CHANGES} c
       WHERE c.table_name = $1 AND c.row_key = jsonb_build_object('mapping_id', d.mapping_id, 'source_id', d.source_id)
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
       WHERE c.table_name = $1 AND c.after IS NULL ON CONFLICT DO NOTHING
       RETURNING mapping_id, source_id, stamp, status
     )
     UPDATE sluice.record r SET hash = ${DELETED}, stamp = a.stamp FROM again a
     WHERE a.status = 'done' AND r.mapping_id = a.mapping_id AND r.source_id = a.source_id`,
    [KEPT_STATE.table],
  );
}

/** Writes a revert down as a run of its own, and at the run that it has undone. */
export async function noteRevert(
  tx: Queryable,
  revert: {
    readonly id: string;
    readonly of: string;
    readonly project: string;
    readonly host: string;
    readonly pid: number;
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO sluice.run (id, project, command, status, finished_at, host, pid, options)
     VALUES ($1, $2, 'runs revert', 'succeeded', clock_timestamp(), $3, $4, $5)`,
    [revert.id, revert.project, revert.host, revert.pid, JSON.stringify({ revert: revert.of })],
  );
  await tx.query('UPDATE sluice.run SET reverted_by = $2 WHERE id = $1', [revert.of, revert.id]);
}
