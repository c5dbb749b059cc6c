import type { Database, Queryable } from '../database/database.ts';
import type { GoneRecord } from '../flow/gone-record.ts';
import { toLongId } from '../flow/salesforce-id.ts';
import type { DeletionStatus } from './deletions.ts';
import { addEvent } from './events.ts';

/** A record that is gone, as people see it. */
export interface DeletionEntry {
  readonly mapping: string;
  readonly source_id: string;
  readonly reason: GoneRecord['reason'];
  /** Of a merged record, the one that it was merged into. */
  readonly master_id: string | null;
  readonly status: DeletionStatus;
  readonly noticed_at: string;
  readonly done_at: string | null;
}

export interface DeletionFilter {
  /** Of a file with several sources also its own name, for all of them. */
  readonly mapping?: string | undefined;
  readonly statuses: readonly DeletionStatus[];
  /** Salesforce ids may be short: so the org's pages and reports have them. */
  readonly ids?: readonly string[] | undefined;
}

/** What is still to be carried out. */
export const OPEN_STATUSES: readonly DeletionStatus[] = ['pending', 'confirmed', 'refused'];

/** Those noticed last first. */
export async function listDeletions(
  database: Queryable,
  filter: DeletionFilter & { readonly limit: number; readonly offset: number },
): Promise<DeletionEntry[]> {
  const { rows } = await database.query<EntryRow>(
    `SELECT m.name AS mapping, d.source_id, d.reason, d.master_id, d.status, d.noticed_at, d.done_at
     FROM ${DELETIONS} WHERE ${MATCHES} ORDER BY d.noticed_at DESC, m.name, d.source_id LIMIT $4 OFFSET $5`,
    [...matching(filter), filter.limit, filter.offset],
  );
  return rows.map((row) => ({
    ...row,
    noticed_at: row.noticed_at.toISOString(),
    done_at: row.done_at?.toISOString() ?? null,
  }));
}

export async function countDeletions(database: Queryable, filter: DeletionFilter): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${DELETIONS} WHERE ${MATCHES}`,
    matching(filter),
  );
  return rows[0]?.count ?? 0;
}

/**
 * Writes down a person's word about what was noticed: the next run carries it out whatever the limit, or nothing happens
 * to the rows until their records move in the org again.
 * @returns how many
 */
export async function decideDeletions(
  database: Database,
  filter: DeletionFilter,
  decision: 'confirmed' | 'ignored',
): Promise<number> {
  return database.transaction(async (tx) => {
    const { rows } = await tx.query<{ mapping: string; records: number }>(
      `WITH decided AS (
         UPDATE sluice.deletion t SET status = $4 FROM ${DELETIONS}
         WHERE ${MATCHES} AND t.mapping_id = d.mapping_id AND t.source_id = d.source_id RETURNING m.name
       ) SELECT name AS mapping, count(*)::int AS records FROM decided GROUP BY name ORDER BY name`,
      [...matching(filter), decision],
    );
    for (const data of rows) await addEvent(tx, { runId: null, kind: `deletes_${decision}`, data });
    return rows.reduce((sum, { records }) => sum + records, 0);
  });
}

const DELETIONS = 'sluice.deletion d JOIN sluice.mapping m ON m.id = d.mapping_id';

const MATCHES = `($1::text IS NULL OR m.name = $1 OR starts_with(m.name, $1 || '.')) AND d.status = ANY($2)
  AND ($3::text[] IS NULL OR d.source_id = ANY($3))`;

function matching({ mapping, statuses, ids }: DeletionFilter): unknown[] {
  return [mapping ?? null, statuses, ids?.map(toLongId) ?? null];
}

interface EntryRow extends Omit<DeletionEntry, 'noticed_at' | 'done_at'> {
  readonly noticed_at: Date;
  readonly done_at: Date | null;
}
