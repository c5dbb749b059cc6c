import type { Queryable } from '../database/database.ts';
import { toLongId } from '../flow/salesforce-id.ts';
import { ENTRIES, type EntryFilter, MATCHES, matching } from './quarantine-entries.ts';

/**
 * Closes open entries because a person does not want their records, and forgets what they kept. As long as such a record
 * does not change it is not kept again.
 * @returns how many
 */
export async function discardQuarantined(database: Queryable, filter: EntryFilter): Promise<number> {
  const { rowCount } = await database.query(
    `UPDATE sluice.quarantine SET closed_at = now(), closed_as = 'discarded', record = NULL, sealed = NULL
     WHERE closed_at IS NULL AND id IN (SELECT q.id FROM ${ENTRIES} WHERE ${MATCHES})`,
    matching(filter),
  );
  return rowCount;
}

/**
 * Opens entries again that were discarded; of several of one record the last one.
 * @param ids  numbers of entries, or ids of records
 * @returns how many
 */
export async function reopenDiscarded(database: Queryable, ids: readonly string[]): Promise<number> {
  const { rowCount } = await database.query(
    `UPDATE sluice.quarantine SET closed_at = NULL, closed_as = NULL
     WHERE id IN (
       SELECT DISTINCT ON (mapping_id, source_id, CASE WHEN source_id = '' THEN record_hash END) id
       FROM sluice.quarantine q
       WHERE closed_as = 'discarded' AND (id::text = ANY ($1::text[]) OR source_id = ANY ($1::text[]))
         AND NOT EXISTS (SELECT 1 FROM sluice.quarantine o WHERE o.mapping_id = q.mapping_id AND o.closed_at IS NULL
           AND o.source_id = q.source_id AND (q.source_id <> '' OR o.record_hash = q.record_hash))
       ORDER BY mapping_id, source_id, CASE WHEN source_id = '' THEN record_hash END, id DESC)`,
    [ids.map(toLongId)],
  );
  return rowCount;
}

/** Open entries that can be sent down the path again. */
export interface Redrivable {
  /** Numbers of entries by mapping, in order. */
  readonly byMapping: ReadonlyMap<string, readonly string[]>;
  /** Entries of records without an id: what is read next tells whether they are still there. */
  readonly nameless: number;
  /** Keys by which their records were sealed. */
  readonly keyIds: readonly string[];
}

export async function redrivable(database: Queryable, filter: Omit<EntryFilter, 'closed'>): Promise<Redrivable> {
  const { rows } = await database.query<{ id: string; mapping: string; nameless: boolean; key_id: string | null }>(
    `SELECT q.id, m.name AS mapping, q.source_id = '' AS nameless, encode(substring(q.sealed FOR 4), 'hex') AS key_id
     FROM ${ENTRIES} WHERE ${MATCHES} ORDER BY q.id`,
    matching(filter),
  );
  const named = rows.filter(({ nameless }) => !nameless);
  const groups = Map.groupBy(named, ({ mapping }) => mapping);
  return {
    byMapping: new Map([...groups].map(([mapping, entries]) => [mapping, entries.map(({ id }) => id)])),
    nameless: rows.length - named.length,
    keyIds: [...new Set(named.flatMap(({ key_id: keyId }) => (keyId === null ? [] : [keyId])))],
  };
}

/** Each that is refused again costs some transactions: no run is to spend its night on what was refused a hundred times. */
const MOST_TRIED_AGAIN = 200;

/**
 * Numbers of open entries whose record only the database did not take, and that this run has not seen: in each run some,
 * those first that were tried longest ago.
 */
export async function refusedByDatabase(
  database: Queryable,
  mappingId: number,
  runId: string,
): Promise<readonly string[]> {
  const { rows } = await database.query<{ id: string }>(
    `SELECT id FROM sluice.quarantine
     WHERE mapping_id = $1 AND closed_at IS NULL AND source_id <> '' AND last_run_id <> $2
       AND code IN ('DUPLICATE_RECORD', 'DB_CONSTRAINT', 'DB_INTEGRITY')
     ORDER BY last_seen_at, id LIMIT ${MOST_TRIED_AGAIN}`,
    [mappingId, runId],
  );
  return rows.map(({ id }) => id);
}

/**
 * Closes the entries of a redrive whose records were neither refused again nor loaded: they are left out by a rule now,
 * wait for a parent, or a newer state of them is here.
 * @param gone  ids of records that the source has no more
 */
export async function closeMoot(
  database: Queryable,
  redrive: {
    readonly mappingId: number;
    readonly runId: string;
    readonly entryIds: readonly string[];
    readonly gone: readonly string[];
  },
): Promise<void> {
  const { mappingId, runId, entryIds, gone } = redrive;
  await database.query(
    `UPDATE sluice.quarantine SET closed_at = now(), record = NULL, sealed = NULL,
       closed_as = CASE WHEN source_id = ANY ($4::text[]) THEN 'deleted' ELSE 'left_out' END
     WHERE mapping_id = $1 AND id = ANY ($2::bigint[]) AND closed_at IS NULL AND source_id <> '' AND last_run_id <> $3`,
    [mappingId, entryIds, runId, gone],
  );
}

/**
 * Closes the entries that a run has not seen which has read everything: their records were neither loaded nor refused, so
 * the source has them no more, or a rule leaves them out. To be called in the last commit.
 */
export async function closeUnseen(tx: Queryable, mappingId: number, runId: string): Promise<void> {
  await tx.query(
    `UPDATE sluice.quarantine SET closed_at = now(), closed_as = 'left_out', record = NULL, sealed = NULL
     WHERE mapping_id = $1 AND closed_at IS NULL AND last_run_id <> $2`,
    [mappingId, runId],
  );
}

/** How many of these entries are closed by now, by how. */
export async function countOutcome(
  database: Queryable,
  entryIds: readonly string[],
): Promise<{ readonly loaded: number; readonly left_out: number; readonly deleted: number; readonly open: number }> {
  const { rows } = await database.query<{ loaded: number; left_out: number; deleted: number; open: number }>(
    `SELECT count(*) FILTER (WHERE closed_as = 'loaded')::int AS loaded,
       count(*) FILTER (WHERE closed_as = 'left_out')::int AS left_out,
       count(*) FILTER (WHERE closed_as = 'deleted')::int AS deleted,
       count(*) FILTER (WHERE closed_at IS NULL)::int AS open
     FROM sluice.quarantine WHERE id = ANY ($1::bigint[])`,
    [entryIds],
  );
  return rows[0] ?? { loaded: 0, left_out: 0, deleted: 0, open: 0 };
}
