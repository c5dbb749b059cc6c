import type { Queryable } from '../database/database.ts';
import type { GoneRecord } from '../flow/gone-record.ts';
import type { SourceRecord } from '../flow/source-batch.ts';
import { COMPARE_AGAIN } from './contenders.ts';
import type { MarkedBefore } from './marks.ts';
import { DELETED } from './records.ts';

/**
 * - `pending`: noticed, to be carried out.
 * - `confirmed`: a person has said yes, whatever the limit.
 * - `refused`: the database keeps the row, because something refers to it; tried again in every run.
 * - `done`: carried out; the record counts as gone until it is read again.
 * - `ignored`: the row stays, by the mapping's action or a person's word, until the record moves in the org again.
 */
export type DeletionStatus = 'pending' | 'confirmed' | 'refused' | 'done' | 'ignored';

/** SQL: the statuses of what is still to be carried out. */
export const OPEN = `('pending', 'confirmed', 'refused')`;

/**
 * Notes that records are gone. Only what the mapping knows to be here counts, and only when nothing newer is known of
 * it; what was noticed before is not noticed twice, and what a person has discarded comes back when its stamp moves.
 * Of a record that was never loaded, what is kept about it is closed.
 * @returns how many were noticed for the first time
 */
export async function noticeDeletions(
  database: Queryable,
  mappingId: number,
  runId: string,
  notices: readonly GoneRecord[],
): Promise<number> {
  if (notices.length === 0) return 0;
  const ids = notices.map(({ sourceId }) => sourceId);
  const values = [
    mappingId,
    ids,
    notices.map(({ reason }) => reason),
    notices.map(({ masterId }) => masterId),
    notices.map(({ stamp }) => stamp),
  ];
  const { rowCount } = await database.query(
    `INSERT INTO sluice.deletion AS d (mapping_id, source_id, reason, master_id, stamp, run_id)
     SELECT $1, n.id, n.reason, n.master_id, n.stamp, $6 FROM ${NOTICES} n
     JOIN sluice.record r ON r.mapping_id = $1 AND r.source_id = n.id AND r.hash <> ${DELETED}
     WHERE n.stamp IS NULL OR r.stamp IS NULL OR r.stamp <= n.stamp
     ON CONFLICT (mapping_id, source_id) DO UPDATE
       SET reason = EXCLUDED.reason, master_id = EXCLUDED.master_id, stamp = EXCLUDED.stamp, run_id = EXCLUDED.run_id,
         status = 'pending', row_id = NULL, before = NULL, noticed_at = now(), done_at = NULL
       WHERE d.status = 'done' OR (d.status = 'ignored' AND (d.stamp < EXCLUDED.stamp
         OR (d.stamp IS NULL AND EXCLUDED.stamp IS NOT NULL)
         OR (d.reason = 'left_filter' AND EXCLUDED.reason <> 'left_filter')))`,
    [...values, runId],
  );
  // The newest word counts for what is still open; it is no new notice.
  await database.query(
    `UPDATE sluice.deletion d SET reason = n.reason, master_id = n.master_id, stamp = n.stamp FROM ${NOTICES} n
     WHERE d.mapping_id = $1 AND d.source_id = n.id AND d.status IN ${OPEN} AND n.stamp > d.stamp`,
    values,
  );
  await closeKeptBack(database, mappingId, ids);
  return rowCount;
}

/** One notice a record, the newest of several. */
const NOTICES = `(SELECT DISTINCT ON (id) id, reason, master_id, stamp
  FROM unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[]) AS given(id, reason, master_id, stamp)
  ORDER BY id, stamp DESC NULLS LAST)`;

/** Records that never came so far as to have a row need no deletion: what is kept about them goes. */
async function closeKeptBack(database: Queryable, mappingId: number, ids: readonly string[]): Promise<void> {
  const unknown = `source_id = ANY($2) AND NOT EXISTS (
    SELECT 1 FROM sluice.record r WHERE r.mapping_id = $1 AND r.source_id = k.source_id AND r.hash <> ${DELETED})`;
  await database.query(
    `UPDATE sluice.quarantine k SET closed_at = now(), closed_as = 'deleted', record = NULL, sealed = NULL
     WHERE mapping_id = $1 AND closed_at IS NULL AND ${unknown}`,
    [mappingId, ids],
  );
  await database.query(`DELETE FROM sluice.waiting_link k WHERE mapping_id = $1 AND row_id IS NULL AND ${unknown}`, [
    mappingId,
    ids,
  ]);
  await database.query(`DELETE FROM sluice.left_out k WHERE mapping_id = $1 AND ${unknown}`, [mappingId, ids]);
}

/** True when the mapping has deletions that are not done: then what is read has to be held against them. */
export async function hasNotices(database: Queryable, mappingId: number): Promise<boolean> {
  const { rows } = await database.query(
    `SELECT 1 FROM sluice.deletion WHERE mapping_id = $1 AND status <> 'done' LIMIT 1`,
    [mappingId],
  );
  return rows.length > 0;
}

/** True when deletions of the mapping were carried out, or rows were marked by any: a record that comes may return. */
export async function hasDeleted(database: Queryable, mappingId: number): Promise<boolean> {
  const { rows } = await database.query(
    `SELECT 1 FROM sluice.deletion WHERE status = 'done' AND (mapping_id = $1 OR before IS NOT NULL) LIMIT 1`,
    [mappingId],
  );
  return rows.length > 0;
}

/**
 * Takes back the notices of records that were read live, unless they are older than the notice.
 * @param records  as they were read; `stamp` is '' where it was not selected
 * @param ofThePast  true where they are of an answer that the org gave before it was asked who is gone: then nothing but a
 *   newer stamp speaks for them
 * @returns how many
 */
export async function unnotice(
  database: Queryable,
  mappingId: number,
  records: readonly Pick<SourceRecord, 'id' | 'stamp'>[],
  ofThePast: boolean,
): Promise<number> {
  if (records.length === 0) return 0;
  const { rows } = await database.query<{ source_id: string }>(
    `DELETE FROM sluice.deletion d USING unnest($2::text[], $3::text[]) AS p(id, stamp)
     WHERE d.mapping_id = $1 AND d.source_id = p.id AND d.status <> 'done'
       AND (NULLIF(p.stamp, '')::timestamptz >= d.stamp OR (NOT $4 AND (p.stamp = '' OR d.stamp IS NULL)))
     RETURNING d.source_id`,
    [mappingId, records.map(({ id }) => id), records.map(({ stamp }) => stamp), ofThePast],
  );
  if (rows.length > 0) {
    // One that has left its row may take it again.
    await database.query(
      `UPDATE sluice.record SET hash = ${COMPARE_AGAIN}
       WHERE mapping_id = $1 AND source_id = ANY($2) AND row_id IS NOT NULL AND NOT holds`,
      [mappingId, rows.map(({ source_id: id }) => id)],
    );
  }
  return rows.length;
}

/**
 * Those of a job's records that are deleted here because somebody has found them gone since the job was made.
 * @param job  its id in the org
 */
export async function goneSince(
  database: Queryable,
  mappingId: number,
  { job, records }: { readonly job: string; readonly records: readonly Pick<SourceRecord, 'id' | 'stamp'>[] },
): Promise<ReadonlySet<string>> {
  const { rows } = await database.query<{ source_id: string }>(
    // The step is a little older than its job: what has moved again since it was found gone was back when that was made.
    `SELECT d.source_id FROM unnest($2::text[], $3::text[]) AS p(id, stamp)
     JOIN sluice.deletion d ON d.mapping_id = $1 AND d.source_id = p.id AND d.status = 'done'
     WHERE d.noticed_at >= (SELECT min(s.started_at) FROM sluice.slice l JOIN sluice.step s ON s.id = l.step_id WHERE l.job = $4)
       AND (NULLIF(p.stamp, '')::timestamptz > d.stamp) IS NOT TRUE`,
    [mappingId, records.map(({ id }) => id), records.map(({ stamp }) => stamp), job],
  );
  return new Set(rows.map(({ source_id: id }) => id));
}

/** A deletion that is to be carried out. */
export interface OpenDeletion {
  readonly source_id: string;
  readonly reason: GoneRecord['reason'];
  readonly master_id: string | null;
}

/** How much there is to carry out. */
export interface OpenCounts {
  /** Noticed, and nobody has said a word about it. */
  readonly unconfirmed: number;
  readonly confirmed: number;
  readonly refused: number;
  /** Records of the mapping that are here. */
  readonly known: number;
}

export async function countOpen(database: Queryable, mappingId: number): Promise<OpenCounts> {
  const { rows } = await database.query<Omit<OpenCounts, 'known'>>(
    `SELECT count(*) FILTER (WHERE status = 'pending')::int AS unconfirmed,
       count(*) FILTER (WHERE status = 'confirmed')::int AS confirmed,
       count(*) FILTER (WHERE status = 'refused')::int AS refused
     FROM sluice.deletion WHERE mapping_id = $1 AND status IN ${OPEN}`,
    [mappingId],
  );
  const open = rows[0] ?? { unconfirmed: 0, confirmed: 0, refused: 0 };
  // Counting all records takes a while: only where there is something to hold against it.
  return { ...open, known: open.unconfirmed === 0 ? 0 : await countKnown(database, mappingId) };
}

/** How many records of the mapping are here. */
async function countKnown(database: Queryable, mappingId: number): Promise<number> {
  const { rows } = await database.query<{ known: number }>(
    `SELECT count(*)::int AS known FROM sluice.record WHERE mapping_id = $1 AND hash <> ${DELETED}`,
    [mappingId],
  );
  return rows[0]?.known ?? 0;
}

/** The next deletions of these statuses, in the order of their ids. */
export async function openDeletions(
  database: Queryable,
  mappingId: number,
  part: { readonly statuses: readonly DeletionStatus[]; readonly after: string; readonly count: number },
): Promise<readonly OpenDeletion[]> {
  const { rows } = await database.query<OpenDeletion>(
    `SELECT source_id, reason, master_id FROM sluice.deletion
     WHERE mapping_id = $1 AND status = ANY($2) AND source_id > $3 ORDER BY source_id LIMIT $4`,
    [mappingId, part.statuses, part.after, part.count],
  );
  return rows;
}

/** Ids of those of these deletions that have one of these statuses, and keep it until the transaction ends. */
export async function lockOpen(
  tx: Queryable,
  mappingId: number,
  ids: readonly string[],
  statuses: readonly DeletionStatus[],
): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ source_id: string }>(
    `SELECT source_id FROM sluice.deletion WHERE mapping_id = $1 AND source_id = ANY($2) AND status = ANY($3)
     ORDER BY source_id FOR UPDATE`,
    [mappingId, ids, statuses],
  );
  return new Set(rows.map(({ source_id: id }) => id));
}

/** What became of a deletion's row. */
export interface CarriedOut {
  readonly sourceId: string;
  /** Key of the row that was marked, as text; null where none was. */
  readonly rowId: string | null;
  readonly before: MarkedBefore | null;
}

/** Writes down that deletions were carried out: the records are gone, and an older copy of them changes nothing. */
export async function markDone(tx: Queryable, mappingId: number, done: readonly CarriedOut[]): Promise<void> {
  const ids = done.map(({ sourceId }) => sourceId);
  await tx.query(
    `UPDATE sluice.deletion d SET status = 'done', done_at = now(), row_id = g.row_id, before = g.before
     FROM unnest($2::text[], $3::text[], $4::jsonb[]) AS g(id, row_id, before)
     WHERE d.mapping_id = $1 AND d.source_id = g.id`,
    [
      mappingId,
      ids,
      done.map(({ rowId }) => rowId),
      done.map(({ before }) => (before === null ? null : JSON.stringify(before))),
    ],
  );
  await tx.query(
    `UPDATE sluice.record r SET hash = ${DELETED}, stamp = greatest(r.stamp, d.stamp), row_id = NULL, holds = false
     FROM sluice.deletion d
     WHERE r.mapping_id = $1 AND r.source_id = ANY($2) AND d.mapping_id = $1 AND d.source_id = r.source_id`,
    [mappingId, ids],
  );
  await forgetAbout(tx, mappingId, ids);
}

/** What waits, what was left out and what is in quarantine of records that are gone. */
async function forgetAbout(tx: Queryable, mappingId: number, ids: readonly string[]): Promise<void> {
  await tx.query('DELETE FROM sluice.waiting_link WHERE mapping_id = $1 AND source_id = ANY($2)', [mappingId, ids]);
  await tx.query('DELETE FROM sluice.left_out WHERE mapping_id = $1 AND source_id = ANY($2)', [mappingId, ids]);
  await tx.query(
    `UPDATE sluice.quarantine SET closed_at = now(), closed_as = 'deleted', record = NULL, sealed = NULL
     WHERE mapping_id = $1 AND source_id = ANY($2) AND closed_at IS NULL`,
    [mappingId, ids],
  );
}

/** Writes down that nothing is done about these, or nothing yet. */
export async function setStatus(
  tx: Queryable,
  mappingId: number,
  sourceIds: readonly string[],
  status: 'refused' | 'ignored',
): Promise<void> {
  await tx.query(
    `UPDATE sluice.deletion SET status = $3 WHERE mapping_id = $1 AND source_id = ANY($2) AND status IS DISTINCT FROM $3`,
    [mappingId, sourceIds, status],
  );
}

/** The last master of each of these records, where it was merged, and perhaps that one into another. */
export async function mastersOf(
  tx: Queryable,
  mappingId: number,
  merged: readonly OpenDeletion[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await tx.query<{ id: string; master: string }>(
    `WITH RECURSIVE chain AS (
       SELECT id, master, 1 AS step FROM unnest($2::text[], $3::text[]) AS m(id, master)
       UNION ALL
       SELECT c.id, d.master_id, c.step + 1 FROM chain c
       JOIN sluice.deletion d ON d.mapping_id = $1 AND d.source_id = c.master AND d.master_id IS NOT NULL
       WHERE c.step < 20
     ) SELECT DISTINCT ON (id) id, master FROM chain ORDER BY id, step DESC`,
    [mappingId, merged.map(({ source_id: id }) => id), merged.map(({ master_id: master }) => master)],
  );
  return new Map(rows.map(({ id, master }) => [id, master]));
}
