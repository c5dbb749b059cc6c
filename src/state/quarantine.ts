import type { Queryable } from '../database/database.ts';
import type { RowCode } from '../errors/row-codes.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { Rejection } from '../flow/mapped-batch.ts';
import { maskRecord } from '../privacy/mask-record.ts';

/** An entry without the record's values. */
export interface QuarantineEntry {
  readonly id: string;
  readonly mapping: string;
  readonly source_id: string;
  readonly code: RowCode;
  readonly column: string | null;
  readonly field: string | null;
  readonly rule: string | null;
  readonly attempts: number;
  readonly first_run_id: string;
  readonly last_run_id: string;
  readonly first_seen_at: string;
  readonly last_seen_at: string;
  readonly closed_at: string | null;
}

/** An entry with its record, masked unless a person has asked for the values. */
export interface QuarantinedRecord extends QuarantineEntry {
  readonly record: Readonly<Record<string, string>>;
}

/**
 * Keeps records that could not be taken. One that is in quarantine already is seen once more, with today's reason.
 * @returns records added or seen again
 */
export async function addToQuarantine(
  tx: Queryable,
  entry: { readonly mappingId: number; readonly runId: string; readonly rejections: readonly Rejection[] },
): Promise<number> {
  const { mappingId, runId, rejections } = entry;
  if (rejections.length === 0) return 0;
  const { rowCount } = await tx.query(
    `INSERT INTO sluice.quarantine AS q
       (mapping_id, source_id, code, "column", field, rule, record, first_run_id, last_run_id)
     SELECT DISTINCT ON (source_id, CASE WHEN source_id = '' THEN md5(record) ELSE '' END)
       $1, source_id, code, "column", field, rule, record::json, $2, $2
     FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
       WITH ORDINALITY AS r(source_id, code, "column", field, rule, record, n)
     ORDER BY source_id, CASE WHEN source_id = '' THEN md5(record) ELSE '' END, n DESC
     ON CONFLICT (mapping_id, source_id, (CASE WHEN source_id = '' THEN md5(record::text) ELSE '' END))
       WHERE closed_at IS NULL
     DO UPDATE SET code = EXCLUDED.code, "column" = EXCLUDED."column", field = EXCLUDED.field, rule = EXCLUDED.rule,
       record = EXCLUDED.record, last_run_id = EXCLUDED.last_run_id, last_seen_at = now(), attempts = q.attempts + 1`,
    [
      mappingId,
      runId,
      rejections.map(({ sourceId }) => sourceId),
      rejections.map(({ code }) => code),
      rejections.map(({ column }) => column),
      rejections.map(({ field }) => field),
      rejections.map(({ rule }) => rule),
      rejections.map(({ record }) => JSON.stringify(record)),
    ],
  );
  return rowCount;
}

/** True when some record of the mapping is in quarantine: then a load has to look whether it frees one. */
export async function hasQuarantined(database: Queryable, mappingId: number): Promise<boolean> {
  const { rows } = await database.query(
    'SELECT 1 FROM sluice.quarantine WHERE mapping_id = $1 AND closed_at IS NULL LIMIT 1',
    [mappingId],
  );
  return rows.length > 0;
}

/**
 * Frees records that have loaded.
 * @returns how many
 */
export async function closeQuarantined(
  tx: Queryable,
  mappingId: number,
  sourceIds: readonly string[],
): Promise<number> {
  if (sourceIds.length === 0) return 0;
  const { rowCount } = await tx.query(
    `UPDATE sluice.quarantine SET closed_at = now()
     WHERE mapping_id = $1 AND source_id = ANY ($2::text[]) AND source_id <> '' AND closed_at IS NULL`,
    [mappingId, sourceIds],
  );
  return rowCount;
}

export interface QuarantineFilter {
  readonly mapping?: string | undefined;
  readonly code?: string | undefined;
  readonly column?: string | undefined;
  readonly runId?: string | undefined;
  /** Also those that have loaded since. */
  readonly closed?: boolean | undefined;
  readonly limit: number;
  /** Entries to pass over. */
  readonly offset?: number | undefined;
}

/** Entries, the last seen first. */
export async function listQuarantine(database: Queryable, filter: QuarantineFilter): Promise<QuarantineEntry[]> {
  const { rows } = await database.query<EntryRow>(
    `SELECT ${COLUMNS} FROM ${ENTRIES} WHERE ${MATCHES} ORDER BY q.last_seen_at DESC, q.id DESC LIMIT $6 OFFSET $7`,
    [...matching(filter), filter.limit, filter.offset ?? 0],
  );
  return rows.map((row) => entryOf(row));
}

/** How many entries there are in all, whatever the page. */
export async function countQuarantine(database: Queryable, filter: QuarantineFilter): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${ENTRIES} WHERE ${MATCHES}`,
    matching(filter),
  );
  return rows[0]?.count ?? 0;
}

/**
 * One entry with its record.
 * @param id  the entry's number, or the record's Salesforce id
 * @param reveal  fields whose values are shown; the others are described
 * @throws SyncError NOT_FOUND
 */
export async function showQuarantined(
  database: Queryable,
  id: string,
  reveal: ReadonlySet<string> | 'all',
): Promise<QuarantinedRecord> {
  const { rows } = await database.query<EntryRow & { record: Record<string, string> }>(
    `SELECT ${COLUMNS}, q.record FROM ${ENTRIES} WHERE q.id::text = $1 OR q.source_id = $1
     ORDER BY q.closed_at IS NOT NULL, q.id DESC LIMIT 1`,
    [id],
  );
  const row = rows[0];
  if (row === undefined) {
    throw new SyncError('NOT_FOUND', `Nothing in quarantine has the number or Salesforce id ${id}.`);
  }
  return { ...entryOf(row), record: maskRecord(row.record, reveal) };
}

export interface QuarantineCount {
  readonly mapping: string;
  readonly code: RowCode;
  readonly column: string | null;
  readonly count: number;
  readonly oldest: string;
}

/** Open entries by mapping, code and column, the most frequent first. */
export async function quarantineCounts(database: Queryable): Promise<QuarantineCount[]> {
  const { rows } = await database.query<Omit<QuarantineCount, 'oldest'> & { oldest: Date }>(
    `SELECT m.name AS mapping, q.code, q."column", count(*)::int AS count, min(q.first_seen_at) AS oldest
     FROM ${ENTRIES} WHERE q.closed_at IS NULL
     GROUP BY m.name, q.code, q."column" ORDER BY count DESC, mapping, code, "column"`,
  );
  return rows.map((row) => ({
    mapping: row.mapping,
    code: row.code,
    column: row.column,
    count: row.count,
    oldest: row.oldest.toISOString(),
  }));
}

const ENTRIES = 'sluice.quarantine q JOIN sluice.mapping m ON m.id = q.mapping_id';

const COLUMNS = `q.id, m.name AS mapping, q.source_id, q.code, q."column", q.field, q.rule, q.attempts,
  q.first_run_id, q.last_run_id, q.first_seen_at, q.last_seen_at, q.closed_at`;

const MATCHES = `($1::text IS NULL OR m.name = $1) AND ($2::text IS NULL OR q.code = $2)
  AND ($3::text IS NULL OR q."column" = $3) AND ($4::text IS NULL OR starts_with(q.last_run_id::text, $4))
  AND ($5::boolean OR q.closed_at IS NULL)`;

function matching(filter: QuarantineFilter): unknown[] {
  return [
    filter.mapping ?? null,
    filter.code ?? null,
    filter.column ?? null,
    filter.runId ?? null,
    filter.closed ?? false,
  ];
}

interface EntryRow extends Omit<QuarantineEntry, 'first_seen_at' | 'last_seen_at' | 'closed_at'> {
  readonly first_seen_at: Date;
  readonly last_seen_at: Date;
  readonly closed_at: Date | null;
}

function entryOf(row: EntryRow): QuarantineEntry {
  return {
    id: row.id,
    mapping: row.mapping,
    source_id: row.source_id,
    code: row.code,
    column: row.column,
    field: row.field,
    rule: row.rule,
    attempts: row.attempts,
    first_run_id: row.first_run_id,
    last_run_id: row.last_run_id,
    first_seen_at: row.first_seen_at.toISOString(),
    last_seen_at: row.last_seen_at.toISOString(),
    closed_at: row.closed_at?.toISOString() ?? null,
  };
}
