import type { Queryable, Tx } from '../database/database.ts';
import type { GoneRecord } from '../flow/gone-record.ts';
import type { OrgKeys } from '../flow/org-key.ts';
import { DELETED, LOOK_AGAIN } from './records.ts';

/** Whether the rows of loaded records are still there, in SQL over the ledger under the alias `r`. */
interface RowChecks {
  /** True where it can be told at all; null when it never can. */
  readonly known: string | null;
  readonly isThere: string;
  /** True for a row that must not be touched; null where none is. */
  readonly isLeft: string | null;
}

export interface ComparisonOptions {
  readonly mappingId: number;
  /** The org's time before it was asked, ISO 8601: what is newer was not compared. */
  readonly askedAt: string;
  /** What was changed from here on has still to be read by the next run: ISO 8601, or `infinity` where nothing has. */
  readonly readUpTo: string;
  /** True where a record without a stamp is in what every run reads. */
  readonly readsBlanks?: boolean;
  /** How the target rows are found; null to compare with the state alone. */
  readonly rows: RowChecks | null;
  /** What {@link lacksRows} says; asked for last. */
  readonly mayLackRows: Promise<boolean>;
  /** True where a record that has no row is left out by a rule of the mapping. */
  readonly leavesUnmatched: boolean;
}

/**
 * - `lost`: in the org, and nowhere here.
 * - `extra`: here, and not in the org's answer.
 * - `stale`: the org's record is newer than what is here.
 * - `set_back`: the org's record is older than what is here.
 * - `row_missing`: counts as loaded, but its row is not there.
 */
export type Difference = 'lost' | 'extra' | 'stale' | 'set_back' | 'row_missing';

/** Every record of the org's answer is in exactly one of those from `here` to `lost`. */
export interface KeyCounts {
  readonly in_org: number;
  readonly here: number;
  readonly quarantined: number;
  readonly discarded: number;
  readonly deferred: number;
  /** Left out by a rule, or because the row is left alone. */
  readonly left_out: number;
  /** New, and the next run's to read. */
  readonly new: number;
  readonly lost: number;
  /** Of those here: changed since, and the next run's to read. */
  readonly changed: number;
  readonly stale: number;
  /** Of those here, and of those lost that were deleted here: older in the org, as no record becomes by itself. */
  readonly set_back: number;
  /** Not in the org's answer, and noticed as gone: waits for a run or a person, or stays by policy. */
  readonly noticed: number;
  readonly extra: number;
  readonly row_missing: number;
}

/**
 * Compares all keys of a mapping with what the state knows of them, set-based, and leaves the differences in a table of
 * the transaction: see {@link differences}. Only reads what outlives the transaction.
 */
export async function compareKeys(
  tx: Tx,
  keys: AsyncIterable<OrgKeys>,
  options: ComparisonOptions,
): Promise<KeyCounts> {
  const judged = judge(options, await copyKeys(tx, keys));
  const values = [options.mappingId, options.askedAt, options.readUpTo];
  const { rows } = await tx.query<{ verdict: string; count: number }>(
    `${judged} SELECT verdict, count(*)::int AS count FROM judged GROUP BY verdict`,
    values,
  );
  const counts = new Map(rows.map(({ verdict, count }) => [verdict, count]));
  const of = (...verdicts: readonly string[]): number =>
    verdicts.reduce((sum, name) => sum + (counts.get(name) ?? 0), 0);
  if (of('lost', 'returned', 'extra', 'stale', 'set_back') > 0) await tx.query(`${judged} ${KEEP_DIFFERENCES}`, values);
  const here = of('here', 'stale', 'set_back', 'changed');
  const elsewhere = of('quarantined', 'discarded', 'deferred', 'left_out', 'new', 'lost', 'returned');
  return {
    in_org: here + elsewhere,
    here,
    quarantined: of('quarantined'),
    discarded: of('discarded'),
    deferred: of('deferred'),
    left_out: of('left_out'),
    new: of('new'),
    lost: of('lost', 'returned'),
    changed: of('changed'),
    stale: of('stale'),
    set_back: of('set_back', 'returned'),
    noticed: of('noticed'),
    extra: of('extra'),
    row_missing: await findMissingRows(tx, options),
  };
}

/** Enough for the hashes of some hundred thousand keys; more of them go through files of the server. */
const CREATE = `
  SET LOCAL work_mem = '64MB';
  DROP TABLE IF EXISTS pg_temp.sluice_org_key, pg_temp.sluice_difference, pg_temp.sluice_whereabouts;
  CREATE TEMPORARY TABLE sluice_org_key
    (source_id text COLLATE "C" NOT NULL, stamp timestamptz, left_out boolean NOT NULL DEFAULT false) ON COMMIT DROP;
  CREATE TEMPORARY TABLE sluice_difference
    (source_id text COLLATE "C" NOT NULL, kind text NOT NULL, reason text, master_id text, stamp timestamptz) ON COMMIT DROP`;

/**
 * Brings the org's keys into a table of the transaction, `pg_temp.sluice_org_key`, beside an empty one for differences.
 * @returns whether a record may be among them more than once
 */
export async function copyKeys(tx: Tx, keys: AsyncIterable<OrgKeys>): Promise<boolean> {
  await tx.query(CREATE);
  let mayRepeat = false;
  for await (const some of keys) {
    await tx.copy(copySql('sluice_org_key', some.columns), some.csv);
    mayRepeat ||= some.mayRepeat;
  }
  return mayRepeat;
}

/** @param table  a temporary one of this comparison */
export function copySql(table: string, columns: OrgKeys['columns']): string {
  const blank = columns.filter((column) => column === 'stamp' || column === 'master_id');
  const forced = blank.length === 0 ? '' : `, FORCE_NULL (${blank.join(', ')})`;
  return `COPY pg_temp.${table} (${columns.join(', ')}) FROM STDIN (FORMAT csv${forced})`;
}

/** What begins a statement over `judged`: each key, its verdict and its stamp. */
function judge({ rows, leavesUnmatched, readsBlanks = false }: ComparisonOptions, mayRepeat: boolean): string {
  const isLeft = rows?.isLeft ?? 'false';
  const isOlder = `(r.org_stamp < r.stamp AND r.stamp < $2::timestamptz AND NOT r.left_out AND n.place IS NULL)`;
  const isUnread = `coalesce(r.org_stamp >= $3::timestamptz, ${readsBlanks ? 'true' : `$3::timestamptz = '-infinity'`})`;
  return `
    WITH org AS (
      ${mayRepeat ? ONE_OF_EACH : 'SELECT * FROM pg_temp.sluice_org_key'}
    ), ledger AS (
      SELECT source_id, stamp, row_id, hash = ${DELETED} AS gone FROM sluice.record WHERE mapping_id = $1
    ), noted AS (
      SELECT source_id, min(place) FILTER (WHERE place > 0) AS place, bool_or(place = 0) AS is_gone FROM (
        SELECT source_id, 0 AS place FROM sluice.deletion WHERE mapping_id = $1 AND status <> 'done'
        UNION ALL
        SELECT source_id, 1 FROM sluice.quarantine WHERE mapping_id = $1 AND closed_at IS NULL
        UNION ALL
        SELECT source_id, 2 FROM sluice.waiting_link WHERE mapping_id = $1 AND row_id IS NULL AND linked_at IS NULL
        UNION ALL
        SELECT source_id, 3 FROM sluice.left_out WHERE mapping_id = $1
        UNION ALL
        SELECT source_id, 4 FROM sluice.quarantine WHERE mapping_id = $1 AND closed_as = 'discarded'
      ) places GROUP BY source_id
    ), found AS (
      SELECT coalesce(o.source_id, l.source_id) AS source_id, l.row_id, o.source_id IS NOT NULL AS in_org,
        l.source_id IS NOT NULL AND NOT l.gone AS here, l.gone, o.stamp AS org_stamp, l.stamp, o.left_out
      FROM org o FULL JOIN ledger l ON l.source_id = o.source_id
      WHERE o.source_id IS NOT NULL OR NOT l.gone
    ), judged AS (
      SELECT r.source_id, coalesce(r.org_stamp, r.stamp) AS stamp, CASE
        WHEN NOT r.in_org AND n.is_gone THEN 'noticed'
        -- Loaded by a run that began after the org was asked.
        WHEN NOT r.in_org AND r.stamp >= $2::timestamptz THEN 'newer'
        WHEN NOT r.in_org THEN 'extra'
        WHEN n.place = 1 THEN 'quarantined'
        WHEN n.place = 2 THEN 'deferred'
        WHEN n.place = 3 THEN 'left_out'
        WHEN r.here AND ${isOlder} AND NOT ${isLeft} THEN 'set_back'
        WHEN r.here AND (r.stamp IS NULL OR r.org_stamp IS NULL OR r.org_stamp <= r.stamp) THEN 'here'
        WHEN r.here AND ${isUnread} THEN 'changed'
        -- Loaded once, and what it has become since is left out.
        WHEN r.here AND r.left_out THEN 'left_out'
        WHEN r.here AND n.place = 4 THEN 'discarded'
        WHEN r.here AND ${isLeft} THEN 'here'
        WHEN r.here THEN 'stale'
        WHEN r.gone AND r.stamp >= $2::timestamptz THEN 'new'
        WHEN r.left_out THEN 'left_out'
        WHEN n.place = 4 THEN 'discarded'
        -- Deleted here later than it was changed there: it is as it was before its deletion.
        WHEN r.gone AND ${isOlder} THEN 'returned'
        WHEN ${isUnread} THEN 'new'
        WHEN ${leavesUnmatched ? 'true' : isLeft} THEN 'left_out'
        ELSE 'lost' END AS verdict
      FROM found r LEFT JOIN noted n ON n.source_id = r.source_id
    )`;
}

const ONE_OF_EACH = `SELECT source_id, max(stamp) AS stamp, bool_and(left_out) AS left_out
  FROM pg_temp.sluice_org_key GROUP BY source_id`;

const KEEP_DIFFERENCES = `INSERT INTO pg_temp.sluice_difference (source_id, kind, stamp)
  SELECT source_id, CASE verdict WHEN 'returned' THEN 'lost' ELSE verdict END, stamp FROM judged
  WHERE verdict IN ('lost', 'returned', 'extra', 'stale', 'set_back')`;

/**
 * Whether some loaded record has no row any more, whatever else is to be said of it. Needs nothing of the org, so it can
 * be asked at the same time.
 */
export async function lacksRows(database: Queryable, mappingId: number, rows: RowChecks): Promise<boolean> {
  if (rows.known === null) return false;
  const found = await database.query<{ count: number }>(
    // Counted and not cut off at the first: for that the planner would look up each record by itself.
    `SELECT count(*)::int AS count FROM (${withoutRow(rows, rows.known)}) missing`,
    [mappingId],
  );
  return found.rows[0]?.count !== 0;
}

function withoutRow({ isThere }: RowChecks, known: string): string {
  return `SELECT r.source_id, r.stamp FROM sluice.record r
    WHERE r.mapping_id = $1 AND r.hash <> ${DELETED} AND ${known} AND NOT ${isThere}`;
}

/** Those of records that wait for something are not missed. */
async function findMissingRows(tx: Tx, { mappingId, rows, mayLackRows }: ComparisonOptions): Promise<number> {
  if (rows?.known == null || !(await mayLackRows)) return 0;
  const { rowCount } = await tx.query(
    `WITH missing AS MATERIALIZED (${withoutRow(rows, rows.known)})
     INSERT INTO pg_temp.sluice_difference (source_id, kind, stamp)
     SELECT m.source_id, 'row_missing', m.stamp FROM missing m
     WHERE EXISTS (SELECT 1 FROM pg_temp.sluice_org_key o WHERE o.source_id = m.source_id)
       AND NOT EXISTS (SELECT 1 FROM sluice.quarantine q
         WHERE q.mapping_id = $1 AND q.source_id = m.source_id AND q.closed_at IS NULL)
       AND NOT EXISTS (SELECT 1 FROM sluice.waiting_link w
         WHERE w.mapping_id = $1 AND w.source_id = m.source_id AND w.row_id IS NULL AND w.linked_at IS NULL)`,
    [mappingId],
  );
  return rowCount;
}

/** How many records the mapping has here, as far as it matters whether the org's are many; null when it has none. */
export async function expectedKeys(database: Queryable, mappingId: number): Promise<number | null> {
  const { rows } = await database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM (SELECT 1 FROM sluice.record WHERE mapping_id = $1 LIMIT ${MANY}) found`,
    [mappingId],
  );
  return rows[0]?.count || null;
}

const MANY = 10_000;

export interface DifferingRecord {
  readonly source_id: string;
  /** Of an `extra`, once it was asked for: why it is not in the org's answer. */
  readonly reason: GoneRecord['reason'] | null;
  readonly master_id: string | null;
  readonly stamp: Date | null;
}

/** Records that are fetched at once. */
const PAGE = 50_000;

/**
 * The records that differ in this way, by id and in pages.
 * @param most  records at most; null for all
 */
export async function* differences(
  tx: Queryable,
  kind: Difference,
  most: number | null = null,
): AsyncGenerator<readonly DifferingRecord[], void, undefined> {
  let after = '';
  for (let left = most ?? Infinity; left > 0;) {
    const page = await pageOf(tx, kind, { after, count: Math.min(PAGE, left) });
    if (page.length === 0) return;
    yield page;
    left -= page.length;
    after = page.at(-1)?.source_id ?? '';
  }
}

async function pageOf(
  tx: Queryable,
  kind: Difference,
  { after, count }: { readonly after: string; readonly count: number },
): Promise<readonly DifferingRecord[]> {
  const { rows } = await tx.query<DifferingRecord>(
    `SELECT source_id, reason, master_id, stamp FROM pg_temp.sluice_difference WHERE kind = $1 AND source_id > $2
     ORDER BY source_id LIMIT $3`,
    [kind, after, count],
  );
  return rows;
}

/** Lets the records whose rows are missing be looked at again, although they have not changed. */
export async function lookAgainAtMissing(tx: Queryable, mappingId: number): Promise<void> {
  await tx.query(
    `UPDATE sluice.record r SET hash = ${LOOK_AGAIN} FROM pg_temp.sluice_difference d
     WHERE r.mapping_id = $1 AND d.kind = 'row_missing' AND d.source_id = r.source_id AND r.hash <> ${DELETED}`,
    [mappingId],
  );
}
