import type { Queryable, Tx } from '../database/database.ts';
import type { OrgKeys } from '../flow/org-key.ts';
import { type ComparisonOptions, copySql } from './key-comparison.ts';

export interface ExtrasExplained {
  /** Went after what the next run has still to read. */
  readonly unread: number;
  /** Left the mapping's filter, which is to change nothing. */
  readonly kept: number;
}

/**
 * Notes why extra records are not in the org's answer, and takes out those that are as they should be.
 * @param known  where records are that the org still knows, whatever the mapping's filter says; an extra that is not
 *   among them is nowhere
 * @param options.keepsLeavers  true where a record that leaves the filter keeps its row
 */
export async function explainExtras(
  tx: Tx,
  known: AsyncIterable<OrgKeys>,
  { readUpTo, keepsLeavers }: Pick<ComparisonOptions, 'readUpTo'> & { readonly keepsLeavers: boolean },
): Promise<ExtrasExplained> {
  await tx.query(CREATE_WHEREABOUTS);
  for await (const { csv, columns } of known) await tx.copy(copySql('sluice_whereabouts', columns), csv);
  await tx.query(
    // A record is gone now, whatever its stamp says: in an org that was set back that may be older than what is here.
    `UPDATE pg_temp.sluice_difference d SET stamp = CASE WHEN a.source_id IS NOT NULL THEN greatest(a.stamp, e.stamp) END, master_id = a.master_id, reason = CASE
       WHEN a.source_id IS NULL THEN 'purged' WHEN NOT a.deleted THEN 'left_filter'
       WHEN a.master_id IS NULL THEN 'deleted' ELSE 'merged' END
     FROM pg_temp.sluice_difference e LEFT JOIN pg_temp.sluice_whereabouts a ON a.source_id = e.source_id
     WHERE e.kind = 'extra' AND d.kind = 'extra' AND d.source_id = e.source_id`,
  );
  const unread = await tx.query(
    `DELETE FROM pg_temp.sluice_difference WHERE kind = 'extra' AND stamp >= $1::timestamptz`,
    [readUpTo],
  );
  const kept = await tx.query(
    `DELETE FROM pg_temp.sluice_difference WHERE kind = 'extra' AND reason = 'left_filter' AND $1::boolean`,
    [keepsLeavers],
  );
  return { unread: unread.rowCount, kept: kept.rowCount };
}

const CREATE_WHEREABOUTS = `CREATE TEMPORARY TABLE sluice_whereabouts (
  source_id text COLLATE "C" NOT NULL, stamp timestamptz, deleted boolean NOT NULL DEFAULT false,
  master_id text) ON COMMIT DROP`;

/** The extra records by reason; '' for those that were not asked for. */
export async function countExtras(tx: Queryable): Promise<ReadonlyMap<string, number>> {
  const { rows } = await tx.query<{ reason: string; count: number }>(
    `SELECT coalesce(reason, '') AS reason, count(*)::int AS count FROM pg_temp.sluice_difference
     WHERE kind = 'extra' GROUP BY 1`,
  );
  return new Map(rows.map(({ reason, count }) => [reason, count]));
}
