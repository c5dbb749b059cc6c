import { isRecord } from '../config/is-record.ts';
import type { Queryable } from '../database/database.ts';
import type { KeptRecord } from '../flow/kept-record.ts';
import { placeOf, type RecordKeeping } from './quarantine.ts';

/** A record as the table holds it. */
export interface StoredText {
  readonly mapping_id: number;
  readonly source_id: string;
  /** JSON text. */
  readonly record: string | null;
  /** Hex. */
  readonly sealed: string | null;
}

/** The record of an entry; null when there is none, or when it cannot be opened with the key at hand. */
export function keptText(stored: StoredText, { seal }: RecordKeeping): Readonly<Record<string, string>> | null {
  const text =
    stored.sealed === null
      ? stored.record
      : (seal?.open(Buffer.from(stored.sealed, 'hex'), placeOf(stored.mapping_id, stored.source_id)) ?? null);
  return text === null ? null : fieldsOf(text);
}

function fieldsOf(text: string): Readonly<Record<string, string>> {
  const told: unknown = JSON.parse(text);
  return isRecord(told) ? Object.fromEntries(Object.entries(told).map(([field, value]) => [field, String(value)])) : {};
}

/** Reasons for which a kept record is not what the source had: its bytes, or which value belongs to which field. */
const UNTRUE = `q.code IN ('INVALID_TEXT', 'INVALID_LINE') AND q."column" IS NULL`;

/**
 * The records of open entries as they were kept, in pages of at most `count`.
 * @param entryIds  numbers of entries; those that are closed by now, and records without an id, are passed over
 */
export async function* keptRecords(
  database: Queryable,
  request: { readonly mappingId: number; readonly entryIds: readonly string[]; readonly count: number },
  keeping: RecordKeeping,
): AsyncGenerator<readonly KeptRecord[], void, undefined> {
  const { mappingId, entryIds, count } = request;
  for (let from = 0; from < entryIds.length; from += count) {
    const { rows } = await database.query<StoredText & { untrue: boolean }>(
      `SELECT q.mapping_id, q.source_id, q.record::text AS record, encode(q.sealed, 'hex') AS sealed, ${UNTRUE} AS untrue
       FROM sluice.quarantine q
       WHERE q.mapping_id = $1 AND q.id = ANY ($2::bigint[]) AND q.closed_at IS NULL AND q.source_id <> '' ORDER BY q.id`,
      [mappingId, entryIds.slice(from, from + count)],
    );
    yield rows.map((row) => ({ sourceId: row.source_id, record: row.untrue ? null : keptText(row, keeping) }));
  }
}
