import type { Queryable } from '../database/database.ts';
import type { Stage } from '../flow/stage.ts';
import { DELETED, LOOK_AGAIN } from './records.ts';

/** A deletion that was carried out by a mark, and what the row held before. */
export interface Marked {
  readonly source_id: string;
  readonly row_id: string;
  readonly before: MarkedBefore;
}

/** Where the mark was set; values in PostgreSQL's text form. */
export interface MarkedBefore {
  readonly table: string;
  readonly column: string;
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * Forgets that these records were deleted: they are loaded again.
 * @returns those whose rows were marked
 */
export async function forgetDeleted(
  tx: Queryable,
  mappingId: number,
  sourceIds: readonly string[],
): Promise<readonly Marked[]> {
  if (sourceIds.length === 0) return [];
  const { rows } = await tx.query<{ source_id: string; row_id: string | null; before: MarkedBefore | null }>(
    `DELETE FROM sluice.deletion WHERE mapping_id = $1 AND source_id = ANY($2) AND status = 'done'
     RETURNING source_id, row_id, before`,
    [mappingId, sourceIds],
  );
  const marked = rows.flatMap(({ source_id: id, row_id: row, before }) =>
    row === null || before === null ? [] : [{ source_id: id, row_id: row, before }],
  );
  // Their rows are here whatever becomes of the load: should they go once more, that must be noticed.
  await tx.query(
    `UPDATE sluice.record SET hash = ${LOOK_AGAIN}
     WHERE mapping_id = $1 AND source_id = ANY($2) AND hash = ${DELETED}`,
    [mappingId, marked.map(({ source_id: id }) => id)],
  );
  return marked;
}

/**
 * Takes the marks from rows that other mappings have marked: the same records are loaded by one that means them. For
 * those mappings they stay deleted.
 * @param others  numbers of these mappings
 */
export async function takeMarks(
  tx: Queryable,
  others: readonly number[],
  sourceIds: readonly string[],
): Promise<readonly Marked[]> {
  if (others.length === 0 || sourceIds.length === 0) return [];
  const { rows } = await tx.query<Marked>(
    `WITH taken AS (
       SELECT mapping_id, source_id, row_id, before FROM sluice.deletion
       WHERE mapping_id = ANY($1) AND source_id = ANY($2) AND status = 'done' AND row_id IS NOT NULL AND before IS NOT NULL
     ), cleared AS (
       UPDATE sluice.deletion d SET row_id = NULL, before = NULL FROM taken t
       WHERE d.mapping_id = t.mapping_id AND d.source_id = t.source_id
     )
     SELECT source_id, row_id, before FROM taken`,
    [others, sourceIds],
  );
  return rows;
}

/** Takes the marks from rows that the mapping has marked, and that show a record now which is staged. */
export async function takeMarksOfHeld(tx: Queryable, mappingId: number, stage: Stage): Promise<readonly Marked[]> {
  const { rows } = await tx.query<Marked>(
    `WITH taken AS (
       SELECT d.source_id, d.row_id, d.before FROM sluice.deletion d
       WHERE d.mapping_id = $1 AND d.status = 'done' AND d.before IS NOT NULL
         AND EXISTS (SELECT 1 FROM ${stage.name} s WHERE s.id::text = d.row_id)
     ), cleared AS (
       UPDATE sluice.deletion d SET row_id = NULL, before = NULL FROM taken t
       WHERE d.mapping_id = $1 AND d.source_id = t.source_id
     )
     SELECT source_id, row_id, before FROM taken`,
    [mappingId],
  );
  return rows;
}
