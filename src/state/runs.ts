import type { Queryable } from '../database/database.ts';
import { ERRORS } from '../errors/codes.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { DriftNote } from '../flow/drift-note.ts';
import type { ReportedError, RunReport, RunStatus } from '../flow/run-events.ts';
import { listSteps, type StoredStep } from './steps.ts';

export interface RunSummary {
  readonly run_id: string;
  readonly project: string;
  readonly command: string;
  readonly status: RunStatus | 'running';
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly duration_ms: number | null;
  readonly host: string;
  readonly pid: number;
  readonly api_calls: number;
  readonly peak_rss_bytes: number;
  readonly error: ReportedError | null;
}

/** A run with its steps: a {@link RunReport}, but it may still be at work. */
export interface StoredRun extends RunSummary {
  readonly options: Readonly<Record<string, unknown>>;
  /** As it was reckoned before the run; null where nobody came so far. */
  readonly api_calls_estimated: number | null;
  /** What the run has found changed about the org. */
  readonly drift: readonly DriftNote[];
  readonly steps: readonly StoredStep[];
}

export interface NewRun {
  readonly id: string;
  readonly project: string;
  readonly command: string;
  readonly host: string;
  readonly pid: number;
  /** What was asked for: selection, limits, flags. */
  readonly options: Readonly<Record<string, unknown>>;
}

export async function startRun(database: Queryable, run: NewRun): Promise<void> {
  await database.query(
    `INSERT INTO sluice.run (id, project, command, status, host, pid, options)
     VALUES ($1, $2, $3, 'running', $4, $5, $6)`,
    [run.id, run.project, run.command, run.host, run.pid, JSON.stringify(run.options)],
  );
}

/** SQL that is true for runs of the project $1, also under names that it had before. @param name  SQL of the run's project */
export function isOfProject(name: string): string {
  return `(${name} = $1 OR ${name} IN (SELECT unnest(m.former_projects) FROM sluice.mapping m WHERE m.project = $1))`;
}

/** Writes down how a run ended; nothing for a plan, which leaves no trace. */
export async function finishRun(database: Queryable, report: RunReport): Promise<void> {
  await database.query(
    `UPDATE sluice.run SET status = $2, finished_at = started_at + $3 * interval '1 millisecond', api_calls = $4,
       peak_rss_bytes = $5, error = $6
     WHERE id = $1`,
    [
      report.run_id,
      report.status,
      report.duration_ms,
      report.api_calls,
      report.peak_rss_bytes,
      report.error === null ? null : JSON.stringify(report.error),
    ],
  );
}

/**
 * Marks runs `interrupted` whose process died before it could say so. Only whoever holds the project's run lock may
 * call this: then no other run of the project is alive.
 * @returns the runs' ids
 */
export async function markOrphans(database: Queryable, project: string): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>(
    `WITH orphan AS (
       UPDATE sluice.run r SET status = 'interrupted', error = $2, finished_at = greatest(
         started_at,
         (SELECT max(finished_at) FROM sluice.step s WHERE s.run_id = r.id),
         (SELECT max(updated_at) FROM sluice.slice JOIN sluice.step s ON s.id = step_id WHERE s.run_id = r.id)),
         api_calls = (SELECT coalesce(sum(s.api_calls), 0) FROM sluice.step s WHERE s.run_id = r.id)
       WHERE project = $1 AND status = 'running' RETURNING id
     ), steps AS (
       UPDATE sluice.step s SET status = 'interrupted', finished_at = coalesce(
         (SELECT max(updated_at) FROM sluice.slice WHERE step_id = s.id), started_at)
       FROM orphan WHERE s.run_id = orphan.id AND s.status IN ('running', 'pending')
     )
     SELECT id FROM orphan`,
    [project, JSON.stringify(DIED)],
  );
  return rows.map(({ id }) => id);
}

const DIED: ReportedError = {
  code: 'RUN_INTERRUPTED',
  message: 'The process ended before the run did: killed, or a restart.',
  actions: [ERRORS.RUN_INTERRUPTED.next],
};

/** The latest runs, newest first. */
export async function listRuns(
  database: Queryable,
  filter: { readonly project: string; readonly limit: number },
): Promise<RunSummary[]> {
  const { rows } = await database.query<RunRow>(
    `SELECT ${COLUMNS} FROM sluice.run WHERE project = $1 ORDER BY started_at DESC, id LIMIT $2`,
    [filter.project, filter.limit],
  );
  return rows.map((row) => summaryOf(row));
}

/**
 * @param id  a run's id, or the first characters of it where they fit one run only
 * @throws SyncError NOT_FOUND
 */
export async function getRun(database: Queryable, id: string): Promise<StoredRun> {
  const { rows } = await database.query<RunRow & { options: Record<string, unknown> }>(
    `SELECT ${COLUMNS}, options FROM sluice.run WHERE starts_with(id::text, $1) LIMIT 2`,
    [id.toLowerCase()],
  );
  const [row, other] = rows;
  const actions = ['Run `sluice runs list` to see the ids of the last ones.'];
  if (row === undefined) throw new SyncError('NOT_FOUND', `There is no run ${id}.`, { actions });
  if (other !== undefined) throw new SyncError('NOT_FOUND', `More than one run's id begins with ${id}.`, { actions });
  return {
    ...summaryOf(row),
    options: row.options,
    ...(await surveyOf(database, row.run_id)),
    steps: await listSteps(database, row.run_id),
  };
}

async function surveyOf(database: Queryable, runId: string): Promise<Pick<StoredRun, 'api_calls_estimated' | 'drift'>> {
  const { rows } = await database.query<{ estimated: number | null; drift: readonly DriftNote[] }>(
    `SELECT (data->>'estimated')::float8 AS estimated, data->'drift' AS drift FROM sluice.event
     WHERE run_id = $1 AND kind = 'surveyed' ORDER BY id DESC LIMIT 1`,
    [runId],
  );
  return { api_calls_estimated: rows[0]?.estimated ?? null, drift: rows[0]?.drift ?? [] };
}

const COLUMNS = `id AS run_id, project, command, status, started_at, finished_at, host, pid, api_calls,
  peak_rss_bytes::float8 AS peak_rss_bytes, error`;

interface RunRow extends Omit<RunSummary, 'started_at' | 'finished_at' | 'duration_ms'> {
  readonly started_at: Date;
  readonly finished_at: Date | null;
}

function summaryOf(row: RunRow): RunSummary {
  return {
    run_id: row.run_id,
    project: row.project,
    command: row.command,
    status: row.status,
    started_at: row.started_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
    duration_ms: row.finished_at === null ? null : row.finished_at.getTime() - row.started_at.getTime(),
    host: row.host,
    pid: row.pid,
    api_calls: row.api_calls,
    peak_rss_bytes: row.peak_rss_bytes,
    error: row.error,
  };
}
