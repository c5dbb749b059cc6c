import type { Tx } from '../database/database.ts';
import type { OrgKeys } from '../flow/org-key.ts';
import { type ComparisonOptions, copyKeys } from './key-comparison.ts';
import { DELETED } from './records.ts';

/**
 * Who is here and not in the org's answer, as the comparison of keys says, and nothing of all others: where they are about
 * to be read, that is half the work.
 * @returns how many; they are among the differences of the transaction
 */
export async function findExtras(
  tx: Tx,
  keys: AsyncIterable<OrgKeys>,
  { mappingId, askedAt }: Pick<ComparisonOptions, 'mappingId' | 'askedAt'>,
): Promise<number> {
  await copyKeys(tx, keys);
  const { rowCount } = await tx.query(
    `INSERT INTO pg_temp.sluice_difference (source_id, kind, stamp)
     SELECT r.source_id, 'extra', r.stamp FROM sluice.record r
     WHERE r.mapping_id = $1 AND r.hash <> ${DELETED} AND (r.stamp >= $2::timestamptz) IS NOT TRUE
       AND NOT EXISTS (SELECT 1 FROM pg_temp.sluice_org_key o WHERE o.source_id = r.source_id)
       AND NOT EXISTS (SELECT 1 FROM sluice.deletion d
         WHERE d.mapping_id = $1 AND d.source_id = r.source_id AND d.status <> 'done')`,
    [mappingId, askedAt],
  );
  return rowCount;
}
