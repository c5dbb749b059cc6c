import type { Queryable } from '../database/database.ts';
import { isOfProject } from './runs.ts';
import { JOBS_LIVE } from './unfinished-jobs.ts';

interface OldRuns {
  readonly project: string;
  readonly keepSeconds: number;
  /** Runs at most. */
  readonly most: number;
}

/** True for the first run of its project since midnight, UTC: what takes a look at all runs is done once a day. */
export async function isFirstOfDay(database: Queryable, project: string, runId: string): Promise<boolean> {
  const { rows } = await database.query(
    `SELECT 1 FROM sluice.run
     WHERE project = $1 AND id <> $2 AND started_at >= date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' LIMIT 1`,
    [project, runId],
  );
  return rows.length === 0;
}

/**
 * Runs of the project, under this name and those that it had before, that began longer ago and that nothing needs: the
 * oldest first. Needed are the last step of each mapping and phase, the last that ended well and the last that read
 * everything; what an open entry of the quarantine, an open deletion or a watermark names; a Bulk job that can still be
 * gone on with; a run that can be reverted, and a revert as long as what it has undone is there.
 */
export async function oldRuns(
  database: Queryable,
  { project, keepSeconds, most }: OldRuns,
): Promise<readonly string[]> {
  const { rows } = await database.query<{ id: string }>(
    `WITH last AS (
       SELECT max(s.id) AS at_all, max(s.id) FILTER (WHERE s.status IN ${GOOD}) AS good, max(s.id) FILTER (
         WHERE s.status IN ${GOOD} AND s.reading->>'kind' = 'full' AND r.options->>'limit' IS NULL) AS whole
       FROM sluice.step s JOIN sluice.run r ON r.id = s.run_id GROUP BY s.mapping, s.phase
     ), needed AS (
       SELECT run_id FROM sluice.step WHERE id IN (SELECT unnest(ARRAY[at_all, good, whole]) FROM last)
       UNION SELECT run_id FROM sluice.step
         WHERE status IN ('interrupted', 'failed', 'stopped') AND started_at > now() - interval '${JOBS_LIVE}'
       UNION SELECT unnest(ARRAY[first_run_id, last_run_id]) FROM sluice.quarantine WHERE closed_at IS NULL
       UNION SELECT run_id FROM sluice.deletion WHERE status <> 'done'
       UNION SELECT run_id FROM sluice.watermark
       UNION SELECT reverted_by FROM sluice.run WHERE reverted_by IS NOT NULL
     )
     SELECT id FROM sluice.run r
     WHERE ${isOfProject('r.project')} AND started_at < now() - $2 * interval '1 second' AND status <> 'running' AND NOT keeps_history
       AND NOT EXISTS (SELECT 1 FROM needed n WHERE n.run_id = r.id)
     ORDER BY started_at LIMIT $3`,
    [project, keepSeconds, most],
  );
  return rows.map(({ id }) => id);
}

const GOOD = `('succeeded', 'succeeded_with_warnings')`;

/** Forgets these runs with their steps, slices and events. */
export async function forgetRuns(database: Queryable, ids: readonly string[]): Promise<void> {
  await database.query('DELETE FROM sluice.run WHERE id = ANY($1)', [ids]);
}
