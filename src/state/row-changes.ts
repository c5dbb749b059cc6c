import type { Queryable } from '../database/database.ts';
import { isOfProject } from './runs.ts';

/** The state's own table whose rows a revert needs as they were; kept like a target table, and put right below. */
export const KEPT_STATE = { table: 'sluice.deletion', key: ['mapping_id', 'source_id'] } as const;

/** The ledger: of its rows a revert needs only which row a record shares with others, and which of them it shows. */
export const LEDGER = 'sluice.record';

/** Sees to it that the ledger's holders are kept, or that this costs nothing where no history is. */
export async function watchLedger(database: Queryable, keep: boolean): Promise<void> {
  const { rows } = await database.query(
    `SELECT 1 FROM pg_trigger WHERE tgrelid = '${LEDGER}'::regclass AND tgname = 'sluice_history_holder'`,
  );
  if (keep && rows.length === 0) {
    await database.query(
      `CREATE TRIGGER sluice_history_holder AFTER UPDATE ON ${LEDGER} FOR EACH ROW
       WHEN ((OLD.row_id IS DISTINCT FROM NEW.row_id OR OLD.holds <> NEW.holds)
         AND current_setting('sluice.run_id', true) <> '')
       EXECUTE FUNCTION sluice.keep_holder()`,
    );
  }
  // Another project in the same database may keep a history.
  if (!keep && rows.length > 0) {
    await database.query(
      `DO $$ BEGIN
         IF NOT EXISTS (SELECT 1 FROM sluice.run WHERE status = 'running' AND keeps_history) THEN
           DROP TRIGGER IF EXISTS sluice_history_holder ON ${LEDGER};
         END IF;
       END $$`,
    );
  }
}

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
       WHERE ${isOfProject('project')} AND keeps_history AND started_at < now() - $2 * interval '1 second' RETURNING id
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
 * Fills {@link NET_CHANGES}: `table_name`, `row_key`, `before`, `after` and the place of the last change, for each row
 * that the run left otherwise than it found it.
 * @returns the target tables among them, with their schemas, quoted
 */
export async function gatherNetChanges(tx: Queryable, runId: string): Promise<readonly string[]> {
  await tx.query(
    `CREATE TEMPORARY TABLE ${NET_CHANGES} (
       table_name text NOT NULL, row_key jsonb NOT NULL, before jsonb, after jsonb, place bigint NOT NULL) ON COMMIT DROP`,
  );
  await tx.query(
    `INSERT INTO ${NET_CHANGES} (table_name, row_key, before, after, place)
     SELECT table_name, row_key, before, after, place FROM (
       SELECT table_name, row_key, first_value(before) OVER row AS before, last_value(after) OVER row AS after,
         last_value(id) OVER row AS place, row_number() OVER row AS nth
       FROM sluice.row_change WHERE run_id = $1
       WINDOW row AS (PARTITION BY table_name, row_key ORDER BY id
         ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
     ) changes WHERE nth = 1 AND before IS DISTINCT FROM after`,
    [runId],
  );
  await tx.query(`CREATE INDEX ON ${NET_CHANGES} (table_name); CREATE INDEX ON ${NET_CHANGES} (place);
     ANALYZE ${NET_CHANGES} (table_name)`);
  const { rows } = await tx.query<{ table_name: string }>(
    `SELECT DISTINCT table_name FROM ${NET_CHANGES} WHERE table_name <> ALL($1) ORDER BY table_name`,
    [[KEPT_STATE.table, LEDGER]],
  );
  return rows.map(({ table_name: name }) => name);
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
