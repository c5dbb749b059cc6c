import type { Queryable } from '../database/database.ts';
import { DELETED, LOOK_AGAIN } from './records.ts';

/** A record that lost something because a row went; told by its id, or by its row where several meet in one. */
export interface Met {
  readonly sourceId: string | null;
  readonly rowId: string;
}

export interface MetByLink extends Met {
  /** By what the row that went will be found when it comes back. */
  readonly reference: string;
}

/** Rows `m` of the parameters $2 to $4, with the ledger's records `r` that they are of. */
const MET = `unnest($2::text[], $3::text[], $4::text[]) AS m(source_id, row_id, reference)
  CROSS JOIN LATERAL (
    SELECT k.source_id, k.holds FROM sluice.record k
    WHERE k.mapping_id = $1 AND k.source_id = m.source_id AND k.hash <> ${DELETED}
    UNION ALL
    SELECT k.source_id, k.holds FROM sluice.record k
    WHERE m.source_id IS NULL AND k.mapping_id = $1 AND k.row_id = m.row_id AND k.hash <> ${DELETED}
  ) r`;

function parameters(mappingId: number, met: readonly (Met & { readonly reference?: string })[]): unknown[] {
  return [
    mappingId,
    met.map(({ sourceId }) => sourceId),
    met.map(({ rowId }) => rowId),
    met.map(({ reference }) => reference ?? null),
  ];
}

/** Rows that refer to nothing any more wait for what they referred to; of those that meet in a row, the shown record. */
export async function waitAgain(
  tx: Queryable,
  mappingId: number,
  link: string,
  orphans: readonly MetByLink[],
): Promise<void> {
  if (orphans.length === 0) return;
  await tx.query(
    // What was linked long ago may have been another parent; what still waits is of a newer state than the row.
    `INSERT INTO sluice.waiting_link AS w (mapping_id, link, source_id, row_id, parent_ref)
     SELECT DISTINCT ON (r.source_id) $1::smallint, $5::text, r.source_id, m.row_id, m.reference FROM ${MET}
     WHERE m.source_id IS NOT NULL OR r.holds
     ON CONFLICT (mapping_id, link, source_id) DO UPDATE SET row_id = EXCLUDED.row_id, parent_ref = EXCLUDED.parent_ref,
       linked_at = NULL, attempts = 0, first_seen_at = now() WHERE w.linked_at IS NOT NULL`,
    [...parameters(mappingId, orphans), link],
  );
}

/** Links that were written lead to the master of their parent from now on, as the rows do. */
export async function followMasters(
  tx: Queryable,
  merged: readonly { readonly loserId: string; readonly masterId: string }[],
): Promise<void> {
  if (merged.length === 0) return;
  await tx.query(
    `UPDATE sluice.waiting_link w SET parent_ref = m.master FROM unnest($1::text[], $2::text[]) AS m(loser, master)
     WHERE w.parent_ref = m.loser AND w.linked_at IS NOT NULL`,
    [merged.map(({ loserId }) => loserId), merged.map(({ masterId }) => masterId)],
  );
}

/**
 * Records whose rows went along with a parent are as if they had never been loaded: kept back until it returns. One
 * that is kept back already, because it names another parent now, goes on waiting for that one.
 * @param gone.leftOut  true where the link's rule leaves records out that have no parent
 */
export async function keepBack(
  tx: Queryable,
  mappingId: number,
  link: string,
  gone: { readonly records: readonly MetByLink[]; readonly leftOut: boolean },
): Promise<void> {
  if (gone.records.length === 0) return;
  const keep = gone.leftOut
    ? `INSERT INTO sluice.left_out (mapping_id, source_id, link, parent_ref)
       SELECT $1, source_id, $5, reference FROM lost ON CONFLICT DO NOTHING`
    : `INSERT INTO sluice.waiting_link AS w (mapping_id, link, source_id, parent_ref)
       SELECT $1, $5, source_id, reference FROM lost
       ON CONFLICT (mapping_id, link, source_id) DO UPDATE
         SET row_id = NULL, parent_ref = EXCLUDED.parent_ref, linked_at = NULL, attempts = 0, first_seen_at = now()
         WHERE w.row_id IS NOT NULL OR w.linked_at IS NOT NULL`;
  await tx.query(
    `WITH lost AS MATERIALIZED (SELECT DISTINCT ON (r.source_id) r.source_id, m.reference FROM ${MET}),
     forgotten AS (
       DELETE FROM sluice.record r USING lost WHERE r.mapping_id = $1 AND r.source_id = lost.source_id
     ), unlinked AS (
       DELETE FROM sluice.waiting_link w USING lost
       WHERE w.mapping_id = $1 AND w.source_id = lost.source_id AND w.link <> $5 AND w.row_id IS NOT NULL
     )
     ${keep}`,
    [...parameters(mappingId, gone.records), link],
  );
}

/** Records that lost a part of what they became are looked at again, though they may not change. */
export async function lookAgain(tx: Queryable, mappingId: number, met: readonly Met[]): Promise<void> {
  if (met.length === 0) return;
  await tx.query(
    `WITH met AS (SELECT DISTINCT r.source_id FROM ${MET})
     UPDATE sluice.record r SET hash = ${LOOK_AGAIN} FROM met
     WHERE r.mapping_id = $1 AND r.source_id = met.source_id`,
    parameters(mappingId, met),
  );
}
