import type { Mapping } from '../config/mapping.ts';
import type { Queryable } from '../database/database.ts';
import { findWatermark } from './watermarks.ts';

/** Beside what an org shows late, the clocks of org and database may differ. */
const EVERYTHING_LOOKBACK_SECONDS = 3_600;

/**
 * Up to which change in the org a mapping must be here: what was changed later, the next run reads.
 * @returns ISO 8601; `infinity` for a mapping that was never read to its end: nobody promised that the next run reads
 *   only what is new; `-infinity` where the next run reads everything again
 */
export async function readUpTo(
  database: Queryable,
  mapping: Pick<Mapping, 'name' | 'version' | 'incremental'>,
): Promise<string> {
  const watermark = await findWatermark(database, mapping.name);
  if (watermark !== null) {
    if (watermark.version !== mapping.version || watermark.readAgain !== null) return '-infinity';
    return before(watermark.value, mapping.incremental?.lookback ?? EVERYTHING_LOOKBACK_SECONDS);
  }
  const full = await lastFullReading(database, mapping.name);
  return full === null ? 'infinity' : before(full, EVERYTHING_LOOKBACK_SECONDS);
}

function before(instant: string, seconds: number): string {
  return new Date(Date.parse(instant) - seconds * 1_000).toISOString();
}

/** When a run last began to read everything, and did, of a mapping that keeps no watermark. */
async function lastFullReading(database: Queryable, mapping: string): Promise<string | null> {
  const { rows } = await database.query<{ at: Date | null }>(
    `SELECT max(s.started_at) AS at FROM sluice.step s JOIN sluice.run r ON r.id = s.run_id
     WHERE s.mapping = $1 AND s.status IN ('succeeded', 'succeeded_with_warnings') AND s.reading->>'kind' = 'full'
       AND r.options->>'limit' IS NULL`,
    [mapping],
  );
  return rows[0]?.at?.toISOString() ?? null;
}
