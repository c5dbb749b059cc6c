import type { Queryable } from '../database/database.ts';
import { COMPARE_AGAIN } from './contenders.ts';
import { type DeletionStatus, OPEN } from './deletions.ts';
import { DELETED } from './records.ts';

/** A record that is to be deleted, and the row that it became. */
export interface RecordRow {
  readonly sourceId: string;
  /** Key of the row, as text; null where there is none. */
  readonly rowId: string | null;
}

/**
 * What the ledger knows of the rows of these records, where several records may meet in one row.
 * @returns `isHeld` is true where the row shows another record than these
 */
export async function rowsOfRecords(
  tx: Queryable,
  mappingId: number,
  sourceIds: readonly string[],
): Promise<readonly (RecordRow & { readonly isHeld: boolean })[]> {
  const { rows } = await tx.query<{ source_id: string; row_id: string | null; held: boolean }>(
    `SELECT r.source_id, r.row_id, EXISTS (SELECT 1 FROM sluice.record o
       WHERE o.mapping_id = $1 AND o.row_id = r.row_id AND o.holds AND o.source_id <> ALL($2)) AS held
     FROM sluice.record r WHERE r.mapping_id = $1 AND r.source_id = ANY($2)`,
    [mappingId, sourceIds],
  );
  return rows.map((row) => ({ sourceId: row.source_id, rowId: row.row_id, isHeld: row.held }));
}

/** Rows whose shown record is to be deleted show nobody from here on: the others that meet in them are compared again. */
export async function vacateRows(
  database: Queryable,
  mappingId: number,
  statuses: readonly DeletionStatus[],
): Promise<void> {
  await database.query(
    `WITH going AS MATERIALIZED (
       SELECT source_id FROM sluice.deletion WHERE mapping_id = $1 AND status = ANY($2)
     ), vacated AS (
       UPDATE sluice.record r SET holds = false FROM going g
       WHERE r.mapping_id = $1 AND r.source_id = g.source_id AND r.holds RETURNING r.row_id
     )
     UPDATE sluice.record o SET hash = ${COMPARE_AGAIN} FROM vacated v
     WHERE o.mapping_id = $1 AND o.row_id = v.row_id AND o.hash <> ${DELETED}
       AND NOT EXISTS (SELECT 1 FROM going g WHERE g.source_id = o.source_id)`,
    [mappingId, statuses],
  );
}

/**
 * Forgets who met in rows that are gone. None of them was good enough to take the row: they are as if they had never
 * been loaded.
 */
export async function forgetRows(tx: Queryable, mappingId: number, rowIds: readonly string[]): Promise<void> {
  await tx.query(
    `DELETE FROM sluice.record r WHERE r.mapping_id = $1 AND r.row_id = ANY($2) AND r.hash <> ${DELETED}
       AND NOT EXISTS (SELECT 1 FROM sluice.deletion d WHERE d.mapping_id = $1 AND d.source_id = r.source_id
         AND d.status IN ${OPEN})`,
    [mappingId, rowIds],
  );
}

/** A mapping whose records become rows of the same root table. */
export interface Neighbour {
  readonly mappingId: number;
  readonly mapping: string;
  /** True when several of its records may meet in one row. */
  readonly contested: boolean;
}

/**
 * Who else has loaded into these rows, and still knows its record to be here.
 * @returns names of mappings by the rows' keys
 */
export async function claimsOn(
  tx: Queryable,
  neighbours: readonly Neighbour[],
  records: readonly RecordRow[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const claims = new Map<string, Set<string>>();
  if (neighbours.length === 0 || records.length === 0) return claims;
  const { rows } = await tx.query<{ row_id: string; mapping: string }>(
    `WITH n AS MATERIALIZED (
       SELECT * FROM unnest($1::smallint[], $2::text[], $3::boolean[]) AS n(id, mapping, contested)
     ), p AS MATERIALIZED (
       SELECT * FROM unnest($4::text[], $5::text[]) AS p(source_id, row_id) WHERE row_id IS NOT NULL
     )
     SELECT p.row_id, n.mapping FROM n CROSS JOIN p
     JOIN sluice.record r ON r.mapping_id = n.id AND r.source_id = p.source_id AND r.hash <> ${DELETED}
     WHERE NOT n.contested
     UNION
     SELECT p.row_id, n.mapping FROM n CROSS JOIN p
     JOIN sluice.record r ON r.mapping_id = n.id AND r.row_id = p.row_id AND r.hash <> ${DELETED}
     WHERE n.contested`,
    [
      neighbours.map(({ mappingId }) => mappingId),
      neighbours.map(({ mapping }) => mapping),
      neighbours.map(({ contested }) => contested),
      records.map(({ sourceId }) => sourceId),
      records.map(({ rowId }) => rowId),
    ],
  );
  for (const { row_id: row, mapping } of rows) claims.set(row, (claims.get(row) ?? new Set()).add(mapping));
  return claims;
}
