import type { Queryable, Tx } from '../database/database.ts';
import type { Counts, LinkCounts } from '../flow/counts.ts';
import { NO_COUNTS, NO_LINK_COUNTS } from '../flow/counts.ts';
import type { ReadingReport, ReportedError, StepReport, StepStatus } from '../flow/run-events.ts';
import type { Slice } from '../flow/slice.ts';

/** A step as the state keeps it: also one that has not begun or has not ended. */
export interface StoredStep extends Omit<StepReport, 'status'> {
  readonly status: Exclude<StepStatus, 'planned'> | 'pending' | 'running';
}

/**
 * Writes down that a step begins.
 * @param step.ordinal  its place in the run, from 1
 * @param step.version  of its mapping
 * @returns the step's id
 */
export async function startStep(
  database: Queryable,
  step: {
    readonly runId: string;
    readonly ordinal: number;
    readonly phase: string;
    readonly mapping: string;
    readonly version?: string;
  },
): Promise<string> {
  const { rows } = await database.query<{ id: string }>(
    `INSERT INTO sluice.step (run_id, ordinal, phase, mapping, mapping_version, status, started_at)
     VALUES ($1, $2, $3, $4, $5, 'running', clock_timestamp()) RETURNING id`,
    [step.runId, step.ordinal, step.phase, step.mapping, step.version ?? null],
  );
  return rows[0]?.id ?? '';
}

/** Writes down how a step ended; its times come from the report's duration. */
export async function finishStep(database: Queryable, stepId: string, report: StepReport): Promise<void> {
  await database.query(
    `UPDATE sluice.step SET status = $2, finished_at = started_at + $3 * interval '1 millisecond', api_calls = $4,
       watermark = $5, counts = $6, links = $7, tables = $8, warnings = $9, quarantined = $10, error = $11, skipped = $12,
       reading = $13
     WHERE id = $1`,
    [
      stepId,
      report.status,
      report.duration_ms,
      report.api_calls,
      report.watermark,
      JSON.stringify(report.counts),
      JSON.stringify(report.links),
      JSON.stringify(report.tables),
      JSON.stringify(report.warnings),
      JSON.stringify(report.quarantined),
      report.error === null ? null : JSON.stringify(report.error),
      JSON.stringify(report.skipped),
      report.reading === null ? null : JSON.stringify(report.reading),
    ],
  );
}

export interface SliceProgress {
  readonly records: number;
  readonly counts: Partial<Counts>;
  /** With the commit of the slice's last batch: how many records the slice has; null before. */
  readonly total: number | null;
}

/**
 * Writes down what a step is about to read.
 * @param reading.nextWatermark  where the watermark moves to when all of it is committed
 */
export async function beginReading(
  database: Queryable,
  stepId: string,
  reading: {
    readonly version: string;
    readonly report: ReadingReport;
    readonly nextWatermark: string | null;
  },
): Promise<void> {
  await database.query('UPDATE sluice.step SET mapping_version = $2, reading = $3, next_watermark = $4 WHERE id = $1', [
    stepId,
    reading.version,
    JSON.stringify(reading.report),
    reading.nextWatermark,
  ]);
}

/**
 * Adds one commit to its slice. Call it last in the commit's transaction: it locks the slice's row. The transaction must
 * not be done twice, because a slice is done when as many records are added as it has: so it gets to know its number.
 */
export async function saveSlice(
  tx: Queryable & Partial<Pick<Tx, 'numberedAs'>>,
  stepId: string,
  slice: Slice,
  progress: SliceProgress,
): Promise<void> {
  const { rows } = await tx.query<{ number: string }>(
    // Of two commits under way at once the last one may be the first to be done: the sum tells when all are.
    `INSERT INTO sluice.slice AS s (step_id, ordinal, kind, job, locator, next_locator, records, total, done, counts)
     VALUES ($1, $2, $3, $4, $5, $9, $6::integer, $7::integer, ($6::integer >= $7::integer) IS TRUE, $8)
     ON CONFLICT (step_id, ordinal) DO UPDATE SET records = s.records + EXCLUDED.records,
       job = EXCLUDED.job, locator = EXCLUDED.locator, next_locator = EXCLUDED.next_locator,
       total = coalesce(EXCLUDED.total, s.total),
       done = (s.records + EXCLUDED.records >= coalesce(EXCLUDED.total, s.total)) IS TRUE,
       updated_at = now(), counts = (
         SELECT coalesce(jsonb_object_agg(key, sum), '{}') FROM (
           SELECT key, sum(value::bigint)
           FROM (SELECT * FROM jsonb_each_text(s.counts) UNION ALL SELECT * FROM jsonb_each_text(EXCLUDED.counts)) AS summands
           GROUP BY key) added)
     RETURNING pg_current_xact_id()::text AS number`,
    [
      stepId,
      slice.ordinal,
      slice.kind,
      slice.job,
      slice.locator,
      progress.records,
      progress.total,
      JSON.stringify(progress.counts),
      slice.next ?? null,
    ],
  );
  for (const { number } of rows) tx.numberedAs?.(number);
}

/** The version of a mapping with which everything of it was last read to the end; null where nobody knows. */
export async function lastWholeVersion(database: Queryable, mapping: string): Promise<string | null> {
  const { rows } = await database.query<{ version: string | null }>(
    `SELECT mapping_version AS version FROM sluice.step
     WHERE mapping = $1 AND reading->>'kind' = 'full' AND status IN ('succeeded', 'succeeded_with_warnings')
     ORDER BY id DESC LIMIT 1`,
    [mapping],
  );
  return rows[0]?.version ?? null;
}

/** The steps of a run, in order. */
export async function listSteps(database: Queryable, runId: string): Promise<StoredStep[]> {
  const { rows } = await database.query<StepRow>(
    `SELECT phase, mapping, status, (1000 * extract(epoch FROM finished_at - started_at))::float8 AS duration_ms,
       api_calls, watermark, counts, links, tables, warnings, quarantined, skipped, reading, error
     FROM sluice.step WHERE run_id = $1 ORDER BY ordinal`,
    [runId],
  );
  return rows.map((row) => ({
    phase: row.phase,
    mapping: row.mapping,
    status: row.status,
    duration_ms: Math.round(row.duration_ms ?? 0),
    api_calls: row.api_calls,
    watermark: row.watermark?.toISOString() ?? null,
    counts: { ...NO_COUNTS, ...row.counts },
    links: { ...NO_LINK_COUNTS, ...row.links },
    tables: row.tables,
    reading: row.reading,
    warnings: row.warnings,
    quarantined: row.quarantined,
    skipped: row.skipped,
    error: row.error,
  }));
}

interface StepRow {
  readonly phase: string;
  readonly mapping: string;
  readonly status: StoredStep['status'];
  readonly duration_ms: number | null;
  readonly api_calls: number;
  readonly watermark: Date | null;
  readonly counts: Partial<Counts>;
  readonly links: Partial<LinkCounts>;
  readonly tables: StepReport['tables'];
  readonly reading: StepReport['reading'];
  readonly warnings: StepReport['warnings'];
  readonly quarantined: StepReport['quarantined'];
  readonly skipped: StepReport['skipped'];
  readonly error: ReportedError | null;
}
