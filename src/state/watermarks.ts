import type { Queryable } from '../database/database.ts';
import { forgetUnfinished } from './unfinished-jobs.ts';

/** How far a mapping has been read. */
export interface Watermark {
  /** By the org's clock: what was changed before is here, or known not to be. ISO 8601. */
  readonly value: string;
  /** Of the mapping when it was last read: see Mapping.version and Mapping.parts. */
  readonly version: string;
  readonly parts: Readonly<Record<string, string>>;
  /** When everything was last read, by the org's clock. ISO 8601; null when that is not known. */
  readonly fullReadAt: string | null;
  /** Why everything must be read again; null when it need not. */
  readonly readAgain: string | null;
  /** True when the ids have still to be compared with the org's: what was read is an old job's answer. */
  readonly idsDue: boolean;
}

/** @returns those of the mappings that have one, by mapping */
export async function listWatermarks(
  database: Queryable,
  mappings: readonly string[],
): Promise<ReadonlyMap<string, Watermark>> {
  const { rows } = await database.query<WatermarkRow & { mapping: string }>(
    `SELECT mapping, ${COLUMNS} FROM sluice.watermark WHERE mapping = ANY($1)`,
    [mappings],
  );
  return new Map(rows.map((row) => [row.mapping, watermarkOf(row)]));
}

/** @returns null for a mapping that has never been read to its end */
export async function findWatermark(database: Queryable, mapping: string): Promise<Watermark | null> {
  const { rows } = await database.query<WatermarkRow>(`SELECT ${COLUMNS} FROM sluice.watermark WHERE mapping = $1`, [
    mapping,
  ]);
  const row = rows[0];
  return row === undefined ? null : watermarkOf(row);
}

const COLUMNS = 'value, mapping_version, parts, full_read_at, read_again, ids_due';

function watermarkOf(row: WatermarkRow): Watermark {
  return {
    value: row.value.toISOString(),
    version: row.mapping_version,
    parts: row.parts,
    fullReadAt: row.full_read_at?.toISOString() ?? null,
    readAgain: row.read_again,
    idsDue: row.ids_due,
  };
}

export interface NewWatermark {
  readonly mapping: string;
  /** The object that is read. */
  readonly source: string;
  readonly value: string;
  readonly version: string;
  readonly parts: Readonly<Record<string, string>>;
  /** True when everything was read. */
  readonly isFull: boolean;
  /** See {@link Watermark}; what it says stays until everything is read again. */
  readonly idsDue: boolean;
  readonly runId: string;
}

/**
 * Moves the watermark. Call it in the transaction of the window's last commit: it must not say more than what is
 * committed.
 */
export async function saveWatermark(tx: Queryable, mark: NewWatermark): Promise<void> {
  await tx.query(
    // One of the object that the mapping read before says nothing of this one, and must not be found in its place.
    `WITH before AS (DELETE FROM sluice.watermark WHERE mapping = $1 AND source <> $2)
     INSERT INTO sluice.watermark AS w (mapping, source, value, mapping_version, parts, full_read_at, ids_due, run_id)
     VALUES ($1, $2, $3, $4, $5, CASE WHEN $6 THEN $3::timestamptz END, $7, $8)
     ON CONFLICT (mapping, source) DO UPDATE SET value = EXCLUDED.value, mapping_version = EXCLUDED.mapping_version,
       parts = EXCLUDED.parts, full_read_at = coalesce(EXCLUDED.full_read_at, w.full_read_at),
       read_again = CASE WHEN $6 THEN NULL ELSE w.read_again END,
       ids_due = EXCLUDED.ids_due OR (w.ids_due AND NOT $6), run_id = EXCLUDED.run_id, updated_at = now()`,
    [
      mark.mapping,
      mark.source,
      mark.value,
      mark.version,
      JSON.stringify(mark.parts),
      mark.isFull,
      mark.idsDue,
      mark.runId,
    ],
  );
}

/** The ids of the mapping are compared with the org's. */
export async function rememberIdsCompared(database: Queryable, mapping: string): Promise<void> {
  await database.query('UPDATE sluice.watermark SET ids_due = false WHERE mapping = $1 AND ids_due', [mapping]);
}

/**
 * Makes the next run read everything when this reading has quarantined a record without its id: it was damaged on the
 * way, nobody can ask for it by its id, and it may lie before every later window. Files are read whole anyway.
 * @param reading.isResumed  true where an earlier run has begun it, which may have met such a record
 */
export async function readAgainAfterNameless(
  tx: Queryable,
  reading: {
    readonly mapping: string;
    readonly mappingId: number;
    readonly runId: string;
    readonly isResumed: boolean;
  },
): Promise<void> {
  await tx.query(
    `UPDATE sluice.watermark SET read_again = 'a record came without its id'
     WHERE mapping = $1 AND EXISTS (SELECT 1 FROM sluice.quarantine
       WHERE mapping_id = $2 AND source_id = '' AND ($4 OR last_run_id = $3) AND closed_at IS NULL)`,
    [reading.mapping, reading.mappingId, reading.runId, reading.isResumed],
  );
}

/**
 * Makes the next run of these mappings read everything.
 * @param reason  in words, for the person who reads the next run's report
 * @returns how many of them had been read before
 */
export async function askForFullReading(
  database: Queryable,
  mappings: readonly string[],
  reason: string,
): Promise<number> {
  const { rowCount } = await database.query(
    'UPDATE sluice.watermark SET read_again = $2, updated_at = now() WHERE mapping = ANY($1)',
    [mappings, reason],
  );
  return rowCount;
}

/**
 * Forgets how far these mappings have been read, also in a reading that was not ended.
 * @returns how many had been read
 */
export async function forgetWatermarks(database: Queryable, mappings: readonly string[]): Promise<number> {
  await forgetUnfinished(database, mappings);
  const { rowCount } = await database.query('DELETE FROM sluice.watermark WHERE mapping = ANY($1)', [mappings]);
  return rowCount;
}

interface WatermarkRow {
  readonly value: Date;
  readonly mapping_version: string;
  readonly parts: Readonly<Record<string, string>>;
  readonly full_read_at: Date | null;
  readonly read_again: string | null;
  readonly ids_due: boolean;
}
