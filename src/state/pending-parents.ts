import type { Queryable } from '../database/database.ts';
import type { WatchedLink } from './link-status.ts';
import { DELETED } from './records.ts';

/** A parent that is not here, with what waits for it through one link. */
export interface PendingParent {
  readonly parent_ref: string;
  /** Rows that are here without the link. */
  readonly rows: number;
  /** Records that have no row until the parent comes. */
  readonly deferred: number;
  /** Since when the first of them waits. */
  readonly oldest: Date;
  /** How often it was looked for in vain, at most once a day. */
  readonly attempts: number;
}

/** Every parent that is waited for through this link, the most wanted first. */
export async function pendingParents(
  database: Queryable,
  mappingId: number,
  { link, valueOf }: Pick<WatchedLink, 'link' | 'valueOf'>,
): Promise<readonly PendingParent[]> {
  const { rows } = await database.query<PendingParent>(
    // Grouped before the parents are looked up: few parents are missing, many rows wait.
    `WITH waits AS MATERIALIZED (
       SELECT parent_ref, count(*) FILTER (WHERE row_id IS NOT NULL)::int AS rows,
         count(*) FILTER (WHERE row_id IS NULL)::int AS deferred, min(first_seen_at) AS oldest, max(attempts) AS attempts
       FROM sluice.waiting_link
       WHERE mapping_id = $1 AND link = $2 AND linked_at IS NULL AND parent_ref IS NOT NULL GROUP BY parent_ref
     )
     SELECT * FROM waits w WHERE ${valueOf('w.parent_ref')} IS NULL
     ORDER BY rows + deferred DESC, oldest, parent_ref`,
    [mappingId, link],
  );
  return rows;
}

/** What the state knows of a record that would be the parent. */
export interface ParentFate {
  readonly source_id: string;
  /** Name of the mapping that has met it. */
  readonly mapping: string;
  readonly fate: 'quarantined' | 'deferred' | 'left_out' | 'deleted' | 'merged' | 'left_filter' | 'purged';
  /** Of a quarantined one the code, of a merged one the id of the winner, of one that waits itself the link. */
  readonly detail: string | null;
}

/**
 * What became of these records in the mappings that would have loaded them as parents.
 * @param references  as the rows that wait have them; those that are no ids of records are not found
 */
export async function parentFates(
  database: Queryable,
  mappings: readonly string[],
  references: readonly string[],
): Promise<readonly ParentFate[]> {
  const { rows } = await database.query<ParentFate>(
    `WITH parents AS (SELECT id AS mapping_id, name AS mapping FROM sluice.mapping WHERE name = ANY($1)),
       fates AS (
         SELECT mapping_id, source_id, 1 AS rank, 'quarantined' AS fate, code AS detail FROM sluice.quarantine
         WHERE closed_at IS NULL
         UNION ALL
         SELECT mapping_id, source_id, 2, reason, master_id FROM sluice.deletion
         UNION ALL
         SELECT mapping_id, source_id, 3, 'deleted', NULL FROM sluice.record WHERE hash = ${DELETED}
         UNION ALL
         SELECT mapping_id, source_id, 4, 'deferred', link FROM sluice.waiting_link WHERE row_id IS NULL AND linked_at IS NULL
         UNION ALL
         SELECT mapping_id, source_id, 5, 'left_out', link FROM sluice.left_out
       )
     SELECT DISTINCT ON (source_id) source_id, mapping, fate, detail
     FROM fates JOIN parents USING (mapping_id) WHERE source_id = ANY($2) ORDER BY source_id, rank`,
    [mappings, references],
  );
  return rows;
}
