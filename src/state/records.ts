import type { Queryable } from '../database/database.ts';
import type { SourceRecord } from '../flow/source-batch.ts';
import type { Stage } from '../flow/stage.ts';

/** True when some record of the mapping has been loaded before. */
export async function knowsRecords(database: Queryable, mappingId: number): Promise<boolean> {
  // In order: else the planner reads the table from its start, past all records of the mappings before.
  const { rows } = await database.query(
    'SELECT 1 FROM sluice.record WHERE mapping_id = $1 ORDER BY source_id LIMIT 1',
    [mappingId],
  );
  return rows.length > 0;
}

/**
 * Which of these records are not as they were when they were last loaded.
 * @returns their places in `records`, in order
 */
export async function changedRecords(
  database: Queryable,
  mappingId: number,
  records: readonly SourceRecord[],
): Promise<readonly number[]> {
  const known = records.filter(({ id }) => id !== '');
  const ids = `{${known.map(({ id }) => quoted(id)).join(',')}}`;
  const hashes = `{${known.map(({ hash }) => hash).join(',')}}`;
  const { rows } = await database.query<{ id: string }>(
    `SELECT p.id FROM unnest($2::text[], $3::uuid[]) AS p(id, hash)
     LEFT JOIN sluice.record r ON r.mapping_id = $1 AND r.source_id = p.id
     WHERE r.hash IS DISTINCT FROM p.hash`,
    [mappingId, ids, hashes],
  );
  const changed = new Set(rows.map(({ id }) => id));
  return [...records.keys()].filter((index) => {
    const id = records[index]?.id ?? '';
    return id === '' || changed.has(id);
  });
}

/** Ids of the org are letters and digits; those of a file can be anything, also the word that stands for no value. */
function quoted(id: string): string {
  return /^[\dA-Za-z]{5,}$/u.test(id) ? id : `"${id.replaceAll(/["\\]/gu, String.raw`\$&`)}"`;
}

/** The hash of no record: one that must be looked at again in the next run, though it may not change. */
export const LOOK_AGAIN = `'00000000-0000-0000-0000-000000000000'::uuid`;

/**
 * The hash of no record either: this one is gone from the source, and that was carried out. Whoever counts or lists
 * records that are here leaves it out.
 */
export const DELETED = `'dddddddd-dddd-dddd-dddd-dddddddddddd'::uuid`;

const REMEMBERED = `CASE WHEN s.again THEN ${LOOK_AGAIN} ELSE s.hash END`;

/**
 * Remembers the staged records as loaded, where the mapping has none yet.
 * @param contested  true where several records may meet in one row: then also which row shows each
 * @returns how many; fewer than are staged when some were remembered in between
 */
export async function rememberNew(
  tx: Queryable,
  mappingId: number,
  stage: Stage,
  { contested }: { readonly contested: boolean },
): Promise<number> {
  const { rowCount } = await tx.query(
    `INSERT INTO sluice.record (mapping_id, source_id, hash, stamp${contested ? ', row_id, holds' : ''})
     SELECT $1, s.source_id, ${REMEMBERED}, s.stamp${contested ? ', s.id::text, true' : ''} FROM ${stage.name} s
     ON CONFLICT DO NOTHING`,
    [mappingId],
  );
  return rowCount;
}

/**
 * Remembers the staged records as they are loaded now. One of which another commit has remembered a newer state in the
 * meantime is left as that says: see {@link staleRecords}.
 * @param evenOlder  true where what the source says now counts, whatever its stamp
 */
export async function rememberStaged(
  tx: Queryable,
  mappingId: number,
  stage: Stage,
  { evenOlder }: { readonly evenOlder: boolean },
): Promise<void> {
  await tx.query(
    `INSERT INTO sluice.record AS k (mapping_id, source_id, hash, stamp)
     SELECT $1, s.source_id, ${REMEMBERED}, s.stamp FROM ${stage.name} s
     LEFT JOIN sluice.record r ON r.mapping_id = $1 AND r.source_id = s.source_id
     WHERE r.hash IS DISTINCT FROM ${REMEMBERED} OR r.stamp IS DISTINCT FROM s.stamp
     ON CONFLICT (mapping_id, source_id) DO UPDATE SET hash = EXCLUDED.hash, stamp = EXCLUDED.stamp
       WHERE $2 OR (k.stamp > EXCLUDED.stamp) IS NOT TRUE`,
    [mappingId, evenOlder],
  );
}

/**
 * Ids of the staged records that were remembered in a newer state than they are staged in. To be asked when they are
 * remembered: of two commits with one record, the second has then waited for the first, also where neither has a row to
 * write.
 */
export async function staleRecords(tx: Queryable, mappingId: number, stage: Stage): Promise<readonly string[]> {
  const { rows } = await tx.query<{ source_id: string }>(
    `SELECT s.source_id FROM ${stage.name} s JOIN sluice.record r ON r.mapping_id = $1 AND r.source_id = s.source_id
     WHERE r.stamp > s.stamp`,
    [mappingId],
  );
  return rows.map(({ source_id: id }) => id);
}

/** Ids of those of these records that were remembered in a newer state than they come in. */
export async function olderThanKnown(
  tx: Queryable,
  mappingId: number,
  records: readonly Pick<SourceRecord, 'id' | 'stamp'>[],
): Promise<readonly string[]> {
  if (records.length === 0) return [];
  const { rows } = await tx.query<{ id: string }>(
    `SELECT p.id FROM unnest($2::text[], $3::text[]) AS p(id, stamp)
     JOIN sluice.record r ON r.mapping_id = $1 AND r.source_id = p.id
     WHERE p.stamp <> '' AND r.stamp > p.stamp::timestamptz`,
    [mappingId, records.map(({ id }) => id), records.map(({ stamp }) => stamp)],
  );
  return rows.map(({ id }) => id);
}

/** Ids of records that must be looked at again though they may not have changed, at most so many. */
export async function toLookAgain(database: Queryable, mappingId: number, most: number): Promise<readonly string[]> {
  const { rows } = await database.query<{ source_id: string }>(
    `SELECT source_id FROM sluice.record WHERE mapping_id = $1 AND hash = ${LOOK_AGAIN} LIMIT $2`,
    [mappingId, most],
  );
  return rows.map(({ source_id: id }) => id);
}

/**
 * Brings the planner's statistics of the state up to date after many records were added: until the server does it by
 * itself, it would take a table that has just been filled for an empty one.
 */
export async function analyzeState(database: Queryable): Promise<void> {
  await database.query('ANALYZE sluice.record, sluice.waiting_link, sluice.left_out');
}
