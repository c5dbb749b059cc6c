import type { Queryable } from '../database/database.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { RowCode } from '../errors/row-codes.ts';
import { toLongId } from '../flow/salesforce-id.ts';
import { maskRecord } from '../privacy/mask-record.ts';
import type { ClosedAs, RecordKeeping } from './quarantine.ts';
import { keptText, type StoredText } from './quarantine-records.ts';

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
  readonly closed_as: ClosedAs | null;
}

/** An entry with its record, masked unless a person has asked for the values. */
export interface QuarantinedRecord extends QuarantineEntry {
  /** Null when it is not kept, not kept any more, or cannot be opened with the key at hand. */
  readonly record: Readonly<Record<string, string>> | null;
}

/** What is shown of a record: these fields, or all; and how it was kept. */
export interface Showing {
  readonly reveal: ReadonlySet<string> | 'all';
  readonly keeping: RecordKeeping;
}

/** Which entries; without anything, all that are open. */
export interface EntryFilter {
  /** Numbers of entries, or ids of records; those of Salesforce also short, as the org's pages have them. */
  readonly ids?: readonly string[] | undefined;
  /** Of a file with several sources also its own name, for all of them. */
  readonly mapping?: string | undefined;
  readonly code?: string | undefined;
  readonly column?: string | undefined;
  /** The run that has seen them last, or the first characters of its id. */
  readonly runId?: string | undefined;
  /** Also those that are closed. */
  readonly closed?: boolean | undefined;
}

export interface QuarantineFilter extends EntryFilter {
  readonly limit: number;
  /** Entries to pass over. */
  readonly offset?: number | undefined;
}

/** Entries, the last seen first. */
export async function listQuarantine(database: Queryable, filter: QuarantineFilter): Promise<QuarantineEntry[]> {
  const { rows } = await database.query<EntryRow>(
    `SELECT ${COLUMNS} FROM ${ENTRIES} WHERE ${MATCHES} ORDER BY q.last_seen_at DESC, q.id DESC LIMIT $7 OFFSET $8`,
    [...matching(filter), filter.limit, filter.offset ?? 0],
  );
  return rows.map((row) => entryOf(row));
}

/** How many entries there are in all, whatever the page. */
export async function countQuarantine(database: Queryable, filter: EntryFilter): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${ENTRIES} WHERE ${MATCHES}`,
    matching(filter),
  );
  return rows[0]?.count ?? 0;
}

/**
 * One entry with its record.
 * @param id  the entry's number, or the id of the record
 * @throws SyncError NOT_FOUND
 */
export async function showQuarantined(database: Queryable, id: string, showing: Showing): Promise<QuarantinedRecord> {
  const { rows } = await database.query<RecordRow>(
    `SELECT ${COLUMNS}, ${RECORD} FROM ${ENTRIES} WHERE q.id::text = $1 OR q.source_id = $1
     ORDER BY q.closed_at IS NOT NULL, q.id DESC LIMIT 1`,
    [toLongId(id)],
  );
  const row = rows[0];
  if (row === undefined) {
    throw new SyncError('NOT_FOUND', `Nothing in quarantine has the number or record id ${id}.`, {
      actions: ['Run `sluice quarantine list` to see what is there; with --all also what was there.'],
    });
  }
  return withRecord(row, showing);
}

/** Entries at once in memory. */
const PAGE = 500;

/** All entries with their records, the oldest first, in pages. */
export async function* everyQuarantined(
  database: Queryable,
  filter: EntryFilter,
  showing: Showing,
): AsyncGenerator<readonly QuarantinedRecord[], void, undefined> {
  for (let after = '0'; ;) {
    const { rows } = await database.query<RecordRow>(
      `SELECT ${COLUMNS}, ${RECORD} FROM ${ENTRIES} WHERE ${MATCHES} AND q.id > $7 ORDER BY q.id LIMIT ${String(PAGE)}`,
      [...matching(filter), after],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map((row) => withRecord(row, showing));
    after = last.id;
  }
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

/** Entries with the names of their mappings. */
export const ENTRIES = 'sluice.quarantine q JOIN sluice.mapping m ON m.id = q.mapping_id';

const COLUMNS = `q.id, m.name AS mapping, q.source_id, q.code, q."column", q.field, q.rule, q.attempts,
  q.first_run_id, q.last_run_id, q.first_seen_at, q.last_seen_at, q.closed_at, q.closed_as`;

/** As text: the driver would parse the one and give the other as it likes. */
const RECORD = `q.mapping_id, q.record::text AS record, encode(q.sealed, 'hex') AS sealed`;

/** The condition of a filter; its values are the first six. */
export const MATCHES = `($1::text IS NULL OR m.name = $1 OR starts_with(m.name, $1 || '.')) AND ($2::text IS NULL OR q.code = $2)
  AND ($3::text IS NULL OR q."column" = $3) AND ($4::text IS NULL OR starts_with(q.last_run_id::text, $4))
  AND ($5::boolean OR q.closed_at IS NULL) AND ($6::text[] IS NULL OR q.id::text = ANY ($6) OR q.source_id = ANY ($6))`;

/** The values of a filter. */
export function matching({ mapping, code, column, runId, closed, ids }: EntryFilter): unknown[] {
  return [
    mapping ?? null,
    code ?? null,
    column ?? null,
    runId?.toLowerCase() ?? null,
    closed ?? false,
    ids?.map(toLongId) ?? null,
  ];
}

interface EntryRow extends Omit<QuarantineEntry, 'first_seen_at' | 'last_seen_at' | 'closed_at'> {
  readonly first_seen_at: Date;
  readonly last_seen_at: Date;
  readonly closed_at: Date | null;
}

type RecordRow = EntryRow & StoredText;

function withRecord(row: RecordRow, { reveal, keeping }: Showing): QuarantinedRecord {
  const record = keptText(row, keeping);
  return { ...entryOf(row), record: record === null ? null : maskRecord(record, reveal) };
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
    closed_as: row.closed_as,
  };
}
