import type { Database } from '../../src/database/database.ts';
import type { KindName } from './kinds.ts';

/** A row as it is, with the Salesforce ids of those it refers to instead of their keys. */
export type FoundRow = Readonly<Record<string, string | number | boolean | null>>;

export interface Found {
  readonly rows: Readonly<Record<KindName, readonly FoundRow[]>>;
  /** `mapping id` of the open entries. */
  readonly quarantined: ReadonlySet<string>;
  /** `mapping table.column id` of the links that wait. */
  readonly waiting: ReadonlySet<string>;
  /** `mapping id` of the records whose row waits for a parent. */
  readonly deferred: ReadonlySet<string>;
  readonly leftOut: ReadonlySet<string>;
  /** Status of each deletion by `mapping id`. */
  readonly deletions: ReadonlyMap<string, string>;
}

const SCHOOLS = `SELECT s.salesforce_id AS id, s.name, s.remark, p.salesforce_id AS parent
  FROM school s LEFT JOIN school p ON p.id = s.parent_id`;

const STUDENTS = `SELECT p.salesforce_id AS id, p.name, p.active, p.remark, s.salesforce_id AS school, t.motto, t.grade,
    h.salesforce_id AS home, t.id IS NOT NULL AS extended,
    (SELECT string_agg(kind || ' ' || address, ', ' ORDER BY kind, address) FROM mail m WHERE m.person_id = p.id) AS mails
  FROM person p LEFT JOIN student t ON t.id = p.id LEFT JOIN school s ON s.id = p.school_id LEFT JOIN school h ON h.id = t.home_id`;

const MEMBERSHIPS = `SELECT m.salesforce_id AS id, m.role, s.salesforce_id AS school, p.salesforce_id AS person
  FROM membership m JOIN school s ON s.id = m.school_id LEFT JOIN person p ON p.id = m.person_id`;

const JOBS = `SELECT j.salesforce_id AS id, j.title, j.rank, j.done_on::text, p.salesforce_id AS person
  FROM job j JOIN person p ON p.id = j.person_id`;

const NOTES = `SELECT n.salesforce_id AS id, n.subject, s.salesforce_id AS school, p.salesforce_id AS person
  FROM note n LEFT JOIN school s ON s.id = n.school_id LEFT JOIN person p ON p.id = n.person_id`;

const rowsOf = (select: string): string => `(SELECT coalesce(json_agg(r), '[]') FROM (${select}) r)`;
const namesOf = (name: string, from: string): string =>
  `(SELECT coalesce(json_agg(concat_ws(' ', m.name, ${name})), '[]') FROM ${from} x JOIN sluice.mapping m ON m.id = x.mapping_id`;

const EVERYTHING = `SELECT ${rowsOf(SCHOOLS)} AS school, ${rowsOf(STUDENTS)} AS student, ${rowsOf(MEMBERSHIPS)} AS membership,
  ${rowsOf(JOBS)} AS job, ${rowsOf(NOTES)} AS note,
  ${namesOf('x.source_id', 'sluice.quarantine')} WHERE x.closed_at IS NULL) AS quarantined,
  ${namesOf('x.link, x.source_id', 'sluice.waiting_link')} WHERE x.linked_at IS NULL AND x.row_id IS NOT NULL) AS waiting,
  ${namesOf('x.source_id', 'sluice.waiting_link')} WHERE x.linked_at IS NULL AND x.row_id IS NULL) AS deferred,
  ${namesOf('x.source_id', 'sluice.left_out')}) AS left_out,
  (SELECT coalesce(json_agg(json_build_array(concat_ws(' ', m.name, x.source_id), x.status)), '[]')
   FROM sluice.deletion x JOIN sluice.mapping m ON m.id = x.mapping_id) AS deletions`;

interface Everything extends Readonly<Record<KindName, readonly FoundRow[]>> {
  readonly quarantined: readonly string[];
  readonly waiting: readonly string[];
  readonly deferred: readonly string[];
  readonly left_out: readonly string[];
  readonly deletions: readonly (readonly [record: string, status: string])[];
}

export async function readFound(database: Database): Promise<Found> {
  const { rows } = await database.query<Everything>(EVERYTHING);
  const [all] = rows;
  if (all === undefined) throw new Error('nothing was found');
  return {
    rows: all,
    quarantined: new Set(all.quarantined),
    waiting: new Set(all.waiting),
    deferred: new Set(all.deferred),
    leftOut: new Set(all.left_out),
    deletions: new Map(all.deletions),
  };
}

const TABLES = ['school', 'person', 'student', 'mail', 'membership', 'job', 'note'];

/** Every version of every row: it changes with every write, also with one that changes nothing. */
export async function readVersions(database: Database): Promise<string> {
  const selects = TABLES.map((table) => `SELECT '${table} ' || xmin || ' ' || ctid AS version FROM ${table}`);
  const { rows } = await database.query<{ versions: string | null }>(
    `SELECT string_agg(version, E'\\n' ORDER BY version) AS versions FROM (${selects.join(' UNION ALL ')}) v`,
  );
  return rows[0]?.versions ?? '';
}
