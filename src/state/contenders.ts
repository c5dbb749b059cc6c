import type { Queryable } from '../database/database.ts';
import type { Stage } from '../flow/stage.ts';

/**
 * Where several records may meet in one row, the ledger also keeps which row each became (`row_id`) and which of them
 * the row shows (`holds`). When the shown one changes, the others must be compared again: their hash is set to this.
 */
export const COMPARE_AGAIN = `'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid`;

/**
 * Fills `holder` of the staged records whose row is there: the record that the row shows. One that is staged itself and
 * leads to another row now holds this one no more.
 */
export async function findHolders(tx: Queryable, mappingId: number, stage: Stage): Promise<void> {
  await tx.query(
    `UPDATE ${stage.name} s SET holder = r.source_id FROM sluice.record r
     WHERE r.mapping_id = $1 AND r.holds AND r.row_id = s.id::text AND NOT s.fresh
       AND NOT EXISTS (SELECT 1 FROM ${stage.name} o WHERE o.source_id = r.source_id AND (o.fresh OR o.id::text <> r.row_id))`,
    [mappingId],
  );
}

/**
 * Remembers the staged records that lost: unchanged, they need not be compared again unless the shown one changes. No
 * row waits for their parents any more.
 */
export async function rememberLosers(tx: Queryable, mappingId: number, stage: Stage): Promise<void> {
  await compareAgain(tx, mappingId, stage);
  await tx.query(
    `INSERT INTO sluice.record AS r (mapping_id, source_id, hash, stamp, row_id, holds)
     SELECT $1, s.source_id, CASE WHEN s.again THEN ${COMPARE_AGAIN} ELSE s.hash END, s.stamp, s.id::text, false
     FROM ${stage.name} s WHERE s.lost
     ON CONFLICT (mapping_id, source_id) DO UPDATE
       SET hash = EXCLUDED.hash, stamp = EXCLUDED.stamp, row_id = EXCLUDED.row_id, holds = false
       WHERE r.hash <> EXCLUDED.hash OR r.stamp IS DISTINCT FROM EXCLUDED.stamp
          OR r.row_id IS DISTINCT FROM EXCLUDED.row_id OR r.holds`,
    [mappingId],
  );
  await tx.query(
    `DELETE FROM sluice.waiting_link w USING ${stage.name} s
     WHERE w.mapping_id = $1 AND w.link = ANY($2) AND w.source_id = s.source_id AND s.lost`,
    [mappingId, linksOf(stage)],
  );
}

function linksOf({ links }: Stage): readonly string[] {
  return links.map(({ link }) => link);
}

/** Remembers the staged records as those that their rows show now. */
export async function rememberHolders(tx: Queryable, mappingId: number, stage: Stage): Promise<void> {
  await compareAgain(tx, mappingId, stage);
  // Nothing waits any more in the rows that they have left, nor for those that they have taken the row from.
  await tx.query(
    `DELETE FROM sluice.waiting_link w USING ${stage.name} s
     WHERE w.mapping_id = $1 AND w.link = ANY($2) AND w.source_id = s.source_id AND w.row_id <> s.id::text`,
    [mappingId, linksOf(stage)],
  );
  await tx.query(
    `DELETE FROM sluice.waiting_link w USING ${stage.name} s, sluice.record r
     WHERE r.mapping_id = $1 AND r.row_id = s.id::text AND r.holds AND r.source_id <> s.source_id
       AND w.mapping_id = $1 AND w.link = ANY($2) AND w.source_id = r.source_id`,
    [mappingId, linksOf(stage)],
  );
  await tx.query(
    `UPDATE sluice.record r SET holds = false FROM ${stage.name} s
     WHERE r.mapping_id = $1 AND r.row_id = s.id::text AND r.holds AND r.source_id <> s.source_id`,
    [mappingId],
  );
  await tx.query(
    `UPDATE sluice.record r SET row_id = s.id::text, holds = true FROM ${stage.name} s
     WHERE r.mapping_id = $1 AND r.source_id = s.source_id AND (r.row_id IS DISTINCT FROM s.id::text OR NOT r.holds)`,
    [mappingId],
  );
}

/** A shown record that has changed may be worse now than one that is not staged; or it has left its row to the others. */
async function compareAgain(tx: Queryable, mappingId: number, stage: Stage): Promise<void> {
  await tx.query(
    // Not `<>`: from that the planner learns that row_id is not null, and may take the index on it for the better way,
    // which leads to all records of the mapping where only its key leads to one.
    `WITH vacated AS MATERIALIZED (
       SELECT h.row_id FROM ${stage.name} s JOIN sluice.record h ON h.mapping_id = $1 AND h.source_id = s.source_id
       WHERE h.holds AND h.row_id IS DISTINCT FROM s.id::text
     )
     UPDATE sluice.record r SET hash = ${COMPARE_AGAIN} FROM vacated v
     WHERE r.mapping_id = $1 AND r.row_id = v.row_id AND NOT r.holds
       AND NOT EXISTS (SELECT 1 FROM ${stage.name} o WHERE o.source_id = r.source_id)`,
    [mappingId],
  );
  await tx.query(
    `UPDATE sluice.record r SET hash = ${COMPARE_AGAIN} FROM ${stage.name} s
     WHERE r.mapping_id = $1 AND r.row_id = s.id::text AND NOT r.holds AND s.source_id = s.holder
       AND NOT EXISTS (SELECT 1 FROM ${stage.name} o WHERE o.source_id = r.source_id)`,
    [mappingId],
  );
}

/** Ids of the records that must be compared again, the next `count` of them after `after`. */
export async function toCompareAgain(
  database: Queryable,
  mappingId: number,
  { after, count }: { readonly after: string; readonly count: number },
): Promise<readonly string[]> {
  const { rows } = await database.query<{ source_id: string }>(
    `SELECT source_id FROM sluice.record WHERE mapping_id = $1 AND hash = ${COMPARE_AGAIN} AND source_id > $2
     ORDER BY source_id LIMIT $3`,
    [mappingId, after, count],
  );
  return rows.map(({ source_id: id }) => id);
}
