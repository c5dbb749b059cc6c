import type { Queryable } from '../database/database.ts';
import { placeOf, type RecordKeeping, recordHash, sealedText } from './quarantine.ts';
import { keptText, type StoredText } from './quarantine-records.ts';

/**
 * Brings what is kept of quarantined records in line with what privacy says now. To be called before a run begins, by
 * whoever holds the run lock.
 * @param retentionSeconds  records of entries that were last seen so long ago are forgotten; null for none
 */
export async function tendQuarantine(
  database: Queryable,
  retentionSeconds: number | null,
  keeping: RecordKeeping,
): Promise<void> {
  if (retentionSeconds !== null) await forgetBefore(database, retentionSeconds);
  if (keeping.record === 'omit') await forgetBefore(database, 0);
  if (keeping.record === 'encrypt') await sealAll(database, keeping);
}

/** Code, field and rule stay. */
async function forgetBefore(database: Queryable, seconds: number): Promise<void> {
  await database.query(
    `UPDATE sluice.quarantine SET record = NULL, sealed = NULL
     WHERE (record IS NOT NULL OR sealed IS NOT NULL) AND last_seen_at <= now() - $1 * interval '1 second'`,
    [seconds],
  );
}

/** Records that are sealed in one statement. */
const AT_ONCE = 500;

/** Seals what was kept in the clear. */
async function sealAll(database: Queryable, keeping: RecordKeeping): Promise<void> {
  for (let after = '0'; ;) {
    const { rows } = await database.query<StoredText & { id: string }>(
      `SELECT id, mapping_id, source_id, record::text AS record, NULL AS sealed FROM sluice.quarantine
       WHERE record IS NOT NULL AND id > $1 ORDER BY id LIMIT $2`,
      [after, AT_ONCE],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
    await database.query(
      // A record without an id may be there twice, by both hashes.
      `UPDATE sluice.quarantine q SET record = NULL, sealed = decode(s.sealed, 'hex'), record_hash = CASE
         WHEN q.source_id = '' AND EXISTS (SELECT 1 FROM sluice.quarantine o WHERE o.mapping_id = q.mapping_id
           AND o.source_id = '' AND o.closed_at IS NULL AND o.record_hash = s.hash) THEN q.record_hash ELSE s.hash END
       FROM unnest($1::bigint[], $2::text[], $3::uuid[]) AS s(id, sealed, hash) WHERE q.id = s.id`,
      [
        rows.map(({ id }) => id),
        rows.map((row) => sealedText(keeping, row.record ?? '', placeOf(row.mapping_id, row.source_id))),
        rows.map((row) => recordHash({ sourceId: row.source_id, record: keptText(row, keeping) ?? {} }, keeping)),
      ],
    );
  }
}
