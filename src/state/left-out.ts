import type { Queryable } from '../database/database.ts';
import type { StageLink } from '../flow/stage.ts';
import { LOOK_AGAIN } from './records.ts';

/** Instead of a link: the record itself has no row, and none is made for it. */
export const NO_LINK = '';

/** A record that is kept back because a parent is not here. */
export interface LeftOut {
  readonly sourceId: string;
  /** `table.column` of the link; or {@link NO_LINK}. */
  readonly link: string;
  readonly reference: string;
}

/** Remembers which records are kept back, and for want of which parent. */
export async function noteLeftOut(tx: Queryable, mappingId: number, records: readonly LeftOut[]): Promise<void> {
  if (records.length === 0) return;
  await tx.query(
    `INSERT INTO sluice.left_out AS l (mapping_id, source_id, link, parent_ref)
     SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[])
     ON CONFLICT (mapping_id, source_id) DO UPDATE SET link = EXCLUDED.link, parent_ref = EXCLUDED.parent_ref
       WHERE l.link <> EXCLUDED.link OR l.parent_ref <> EXCLUDED.parent_ref`,
    [
      mappingId,
      records.map(({ sourceId }) => sourceId),
      records.map(({ link }) => link),
      records.map(({ reference }) => reference),
    ],
  );
}

/** Forgets these records: they are not kept back any more. */
export async function forgetLeftOut(tx: Queryable, mappingId: number, sourceIds: readonly string[]): Promise<void> {
  if (sourceIds.length === 0) return;
  await tx.query('DELETE FROM sluice.left_out WHERE mapping_id = $1 AND source_id = ANY($2)', [mappingId, sourceIds]);
}

/** True when some record of the mapping is left out: then a load has to look whether it still is. */
export async function hasLeftOut(database: Queryable, mappingId: number): Promise<boolean> {
  // In order: else the planner reads the table from its start, past all records of the mappings before.
  const { rows } = await database.query(
    'SELECT 1 FROM sluice.left_out WHERE mapping_id = $1 ORDER BY source_id LIMIT 1',
    [mappingId],
  );
  return rows.length > 0;
}

interface InVain {
  /** Ids at most. */
  readonly most: number;
  /**
   * Key of a step: only what was kept back for want of a parent before it began. It may have met those that have no row
   * for another reason.
   */
  readonly beforeStep?: string;
}

/**
 * Ids of records that are kept back, by a rule or because a link is required, although the parent is here by now.
 * @param links  the mapping's links that can keep a record back
 */
export async function keptBackInVain(
  database: Queryable,
  mappingId: number,
  links: readonly Pick<StageLink, 'link' | 'valueOf' | 'isHere'>[],
  { most, beforeStep }: InVain,
): Promise<readonly string[]> {
  const found = new Set(beforeStep === undefined ? await withoutRow(database, mappingId, most) : []);
  for (const { link, valueOf, isHere } of links) {
    const mayBeHere = isHere === null ? '' : `AND ${isHere('k.parent_ref')}`;
    const { rows } = await database.query<{ source_id: string }>(
      // Grouped before the parents are looked up: many records wait for few parents.
      `WITH kept AS MATERIALIZED (
         SELECT source_id, parent_ref FROM sluice.left_out k
         WHERE mapping_id = $1 AND link = $2 AND noticed_at < ${BEGAN} ${mayBeHere}
         UNION ALL
         SELECT source_id, parent_ref FROM sluice.waiting_link k
         WHERE mapping_id = $1 AND link = $2 AND row_id IS NULL AND linked_at IS NULL AND parent_ref IS NOT NULL
           AND first_seen_at < ${BEGAN} ${mayBeHere}
       ), here AS MATERIALIZED (
         SELECT g.parent_ref FROM (SELECT DISTINCT parent_ref FROM kept OFFSET 0) g
         WHERE ${valueOf('g.parent_ref')} IS NOT NULL
       )
       SELECT source_id FROM kept JOIN here USING (parent_ref) LIMIT $3`,
      [mappingId, link, most - found.size, beforeStep ?? null],
    );
    for (const { source_id: id } of rows) found.add(id);
    if (found.size >= most) break;
  }
  return [...found];
}

/** SQL: when the step $4 began; later than anything where none is given. */
const BEGAN = `coalesce((SELECT started_at FROM sluice.step WHERE id = $4), 'infinity')`;

/** Ids of records that no row is made for, and for which there was none. */
async function withoutRow(database: Queryable, mappingId: number, most: number): Promise<readonly string[]> {
  const { rows } = await database.query<{ source_id: string }>(
    `SELECT source_id FROM sluice.left_out WHERE mapping_id = $1 AND link = '${NO_LINK}' LIMIT $2`,
    [mappingId, most],
  );
  return rows.map(({ source_id: id }) => id);
}

/** Those of these records that are still kept back, or must be looked at again. */
export async function stillKeptBack(
  database: Queryable,
  mappingId: number,
  ids: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await database.query<{ id: string }>(
    `SELECT id FROM unnest($2::text[]) AS i(id)
     WHERE ${isKeptBack('i.id')}
        OR EXISTS (SELECT 1 FROM sluice.record WHERE mapping_id = $1 AND source_id = id AND hash = ${LOOK_AGAIN})`,
    [mappingId, ids],
  );
  return rows.map(({ id }) => id);
}

/** SQL that is true for a record of the mapping $1 that is kept back for want of a parent. @param id  SQL of its id */
function isKeptBack(id: string): string {
  return `(EXISTS (SELECT 1 FROM sluice.left_out k WHERE k.mapping_id = $1 AND k.source_id = ${id})
    OR EXISTS (SELECT 1 FROM sluice.waiting_link k WHERE k.mapping_id = $1 AND k.source_id = ${id} AND k.row_id IS NULL))`;
}
