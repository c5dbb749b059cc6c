import type { Queryable } from '../database/database.ts';
import type { ReadingReport } from '../flow/run-events.ts';
import type { Slice } from '../flow/slice.ts';

/** A reading that an earlier run began and did not end, with a Bulk job whose result may still be there. */
export interface UnfinishedReading {
  readonly reading: ReadingReport;
  /** Where the watermark moves to when it is done. */
  readonly nextWatermark: string | null;
  /** The first page that is not wholly committed. */
  readonly slice: Slice;
  /** Records of all pages, as the org had counted them; null where nobody had asked. */
  readonly records: number | null;
}

/** The org forgets jobs after seven days. */
export const JOBS_LIVE = '6 days';

/**
 * The reading of this mapping's last step, when it ended before its time and left something of its job undone.
 * @param version  of the mapping today: what another one has read would be read in vain
 */
export async function findUnfinishedReading(
  database: Queryable,
  step: { readonly mapping: string; readonly phase: string; readonly version: string },
): Promise<UnfinishedReading | null> {
  const { rows } = await database.query<JobRow>(
    `WITH last AS (
       SELECT id, run_id, status, mapping_version, reading, next_watermark, started_at FROM sluice.step
       WHERE mapping = $1 AND phase = $2 AND reading IS NOT NULL AND reading->>'kind' <> 'only'
       ORDER BY id DESC LIMIT 1
     )
     SELECT last.reading, last.next_watermark, place.ordinal, place.job, place.locator, (
         SELECT (data->'records'->>$1)::float8 FROM sluice.event
         WHERE run_id = last.run_id AND kind = 'surveyed' ORDER BY id DESC LIMIT 1
       ) AS records
     FROM last JOIN LATERAL (
       WITH page AS (
         SELECT ordinal, job, locator, next_locator, done FROM sluice.slice
         WHERE step_id = last.id AND kind = 'bulk_page' AND job = (
           SELECT job FROM sluice.slice WHERE step_id = last.id AND kind = 'bulk_page' ORDER BY ordinal DESC LIMIT 1)
       )
       SELECT ordinal, job, locator FROM page WHERE NOT done
       UNION ALL
       -- Of a page whose only commit failed nothing is written down, also where the page behind it is done.
       SELECT ordinal + 1, job, next_locator FROM page p
       WHERE done AND next_locator IS NOT NULL AND NOT EXISTS (SELECT 1 FROM page n WHERE n.ordinal = p.ordinal + 1)
       ORDER BY ordinal LIMIT 1
     ) place ON true
     WHERE last.status IN ('interrupted', 'failed', 'stopped') AND last.mapping_version = $3
       AND last.started_at > now() - interval '${JOBS_LIVE}'`,
    [step.mapping, step.phase, step.version],
  );
  const row = rows[0];
  if (row === undefined) return null;
  return {
    reading: row.reading,
    nextWatermark: row.next_watermark?.toISOString() ?? null,
    slice: { kind: 'bulk_page', job: row.job, ordinal: row.ordinal, locator: row.locator },
    records: row.records,
  };
}

/** Lets no run go on with a job of these mappings: what was read of it before may be here no more. */
export async function forgetUnfinished(database: Queryable, mappings: readonly string[]): Promise<void> {
  await database.query(
    `UPDATE sluice.slice l SET job = NULL, locator = NULL FROM sluice.step s
     WHERE s.id = l.step_id AND s.mapping = ANY($1) AND s.status IN ('interrupted', 'failed', 'stopped') AND l.job IS NOT NULL`,
    [mappings],
  );
}

interface JobRow {
  readonly reading: ReadingReport;
  readonly next_watermark: Date | null;
  readonly ordinal: number;
  readonly job: string;
  readonly locator: string | null;
  readonly records: number | null;
}
