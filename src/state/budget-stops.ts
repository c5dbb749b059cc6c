import type { Queryable } from '../database/database.ts';
import type { NewRun } from './runs.ts';

/**
 * The steps that the project's last run has done, or passed over for the same reason, when it stopped at its API budget:
 * the next run of the same kind goes on behind them. Otherwise each would spend what it may on the first steps, and the
 * last ones would never come.
 * @param run  the run that is about to begin
 * @returns by `phase/mapping`, the version of the mapping that was done; null where nobody wrote it down
 */
export async function doneBeforeBudget(
  database: Queryable,
  run: Pick<NewRun, 'id' | 'project' | 'command' | 'options'>,
): Promise<ReadonlyMap<string, string | null>> {
  const { rows } = await database.query<{ step: string; version: string | null }>(
    `WITH last AS (
       SELECT id, command, options, status, error, started_at FROM sluice.run
       WHERE project = $1 AND id <> $2 ORDER BY started_at DESC LIMIT 1
     )
     SELECT s.phase || '/' || s.mapping AS step, s.mapping_version AS version
     FROM last JOIN sluice.step s ON s.run_id = last.id
     WHERE last.status = 'stopped' AND last.error->>'code' IN ('API_BUDGET_SPENT', 'API_BUDGET_TOO_SMALL')
       AND last.command = $3 AND last.options = $4::jsonb AND last.started_at > now() - interval '1 day'
       AND s.status IN ('succeeded', 'succeeded_with_warnings', 'skipped')`,
    [run.project, run.id, run.command, JSON.stringify(run.options)],
  );
  return new Map(rows.map(({ step, version }) => [step, version]));
}

/**
 * Whether a run leaves less to the next one: it has done a step, has begun a Bulk job, or has taken a page of one. What
 * it has read by REST it has committed, but the next one would have to read it again.
 */
export async function hasComeFurther(database: Queryable, runId: string): Promise<boolean> {
  const { rows } = await database.query<{ further: boolean }>(
    `SELECT EXISTS (
       SELECT 1 FROM sluice.step WHERE run_id = $1 AND status IN ('succeeded', 'succeeded_with_warnings')
     ) OR EXISTS (
       SELECT 1 FROM sluice.step s JOIN sluice.slice l ON l.step_id = s.id
       WHERE s.run_id = $1 AND l.kind = 'bulk_page' AND (l.done OR NOT EXISTS (
         SELECT 1 FROM sluice.slice earlier WHERE earlier.job = l.job AND earlier.step_id < s.id))
     ) AS further`,
    [runId],
  );
  return rows[0]?.further ?? false;
}
