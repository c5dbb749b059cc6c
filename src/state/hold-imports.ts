import type { ImportIdentity } from '../config/import-identity.ts';
import type { Queryable } from '../database/database.ts';
import { SyncError } from '../errors/sync-error.ts';
import { refuseWhileRunning } from './lock.ts';

interface HeldImports {
  /** The project's name. */
  readonly project: string;
  readonly schema: string;
  readonly imports: readonly ImportIdentity[];
}

/** A mapping's name as the state knows it; null what is older than the question. */
interface KnownImport {
  readonly name: string;
  readonly project: string | null;
  readonly former_projects: readonly string[];
  readonly import: Omit<ImportIdentity, 'name'> | null;
  /** Of its project. */
  readonly org_id: string | null;
  /** Of the project that asks. */
  readonly own_org_id: string | null;
}

/**
 * Makes sure that the names of these mappings stand for the same imports as in the runs before, and remembers what they
 * stand for now. Else two projects would take each other's records for their own. A mapping may be edited, and a project
 * get another name: what is known of the org goes with it.
 * @throws SyncError IMPORT_CHANGED; RUN_LOCKED while a run is at work under the name that the project had
 */
export async function holdImports(database: Queryable, held: HeldImports): Promise<void> {
  const known = await refuseOtherImports(database, held);
  const { project, imports } = held;
  const changed = imports.filter((now) => {
    const before = known.get(now.name);
    return before?.project !== project || !isEqual(before.import, now);
  });
  if (changed.length === 0) return;
  // A run that began under the old name holds another lock than ours.
  const others = new Set(changed.map(({ name }) => known.get(name)?.project ?? project));
  for (const other of others) if (other !== project) await refuseWhileRunning(database, other);
  await database.query(
    `INSERT INTO sluice.org (project, org_id, instance_url)
     SELECT $1, org_id, instance_url FROM sluice.org
     WHERE project IN (SELECT project FROM sluice.mapping WHERE name = ANY($2) AND project <> $1) LIMIT 1
     ON CONFLICT (project) DO NOTHING`,
    [project, changed.map(({ name }) => name)],
  );
  await database.query(
    `INSERT INTO sluice.mapping AS m (name, project, import)
     SELECT name, $1, import FROM unnest($2::text[], $3::jsonb[]) AS n(name, import)
     ON CONFLICT (name) DO UPDATE SET project = EXCLUDED.project, import = EXCLUDED.import, former_projects =
       CASE WHEN m.project <> EXCLUDED.project THEN m.former_projects || m.project ELSE m.former_projects END`,
    [project, changed.map(({ name }) => name), changed.map((now) => JSON.stringify(partsOf(now)))],
  );
}

function isEqual(before: KnownImport['import'], now: ImportIdentity): boolean {
  return before !== null && JSON.stringify(partsOf(before)) === JSON.stringify(partsOf(now));
}

/** As they are kept: in one order. */
function partsOf({ object, filter, tables }: Omit<ImportIdentity, 'name'>): Omit<ImportIdentity, 'name'> {
  return { object, filter, tables };
}

/**
 * Only looks.
 * @returns what is known of these mappings, by name
 * @throws SyncError IMPORT_CHANGED
 */
export async function refuseOtherImports(
  database: Queryable,
  { project, schema, imports }: HeldImports,
): Promise<ReadonlyMap<string, KnownImport>> {
  const { rows } = await database.query<KnownImport>(
    `SELECT m.name, m.project, m.former_projects, m.import, o.org_id,
       (SELECT org_id FROM sluice.org WHERE project = $2) AS own_org_id
     FROM sluice.mapping m LEFT JOIN sluice.org o ON o.project = m.project WHERE m.name = ANY($1)`,
    [imports.map(({ name }) => name), project],
  );
  const known = new Map(rows.map((row) => [row.name, row]));
  for (const now of imports) {
    const before = known.get(now.name);
    if (before === undefined) continue;
    const said = otherImport(before, now, project) ?? (await otherTables(database, before, now, schema));
    if (said !== null) throw refused(before, now, { project, said });
  }
  return known;
}

/** In words, why this is not the import that is known; null where it is, or may be. */
function otherImport(before: KnownImport, now: ImportIdentity, project: string): string | null {
  const { project: other, import: was } = before;
  if (was !== null && was.object?.toLowerCase() !== now.object?.toLowerCase())
    return `it reads ${sourceOf(was)} there, and ${sourceOf(now)} here`;
  if (other === null || other === project) return null;
  // A name that was given up does not come back: two projects take turns.
  if (before.former_projects.includes(project)) return 'both projects run it, in turns';
  if (was !== null && was.filter !== now.filter) return `it means other records of ${sourceOf(now)} there than here`;
  const { org_id: org, own_org_id: own } = before;
  return org !== null && own !== null && org !== own ? `the org is ${org} there, and ${own} here` : null;
}

function sourceOf({ object }: Pick<ImportIdentity, 'object'>): string {
  return object ?? 'a file';
}

/** Tables that were renamed or are no more are an edit; where the rows still are, they are somebody's. */
async function otherTables(
  database: Queryable,
  { import: was }: KnownImport,
  { tables }: ImportIdentity,
  schema: string,
): Promise<string | null> {
  if (was === null || was.tables.some((name) => tables.includes(name))) return null;
  const { rows } = await database.query(
    'SELECT 1 FROM pg_tables WHERE schemaname = $1 AND tablename = ANY($2) LIMIT 1',
    [schema, was.tables],
  );
  return rows.length === 0 ? null : `its rows are in ${was.tables.join(', ')} there, and in ${tables.join(', ')} here`;
}

function refused(
  { project: known }: KnownImport,
  { name }: ImportIdentity,
  { project, said }: { readonly project: string; readonly said: string },
): SyncError {
  const whose = known === null || known === project ? '' : ` of the project ${known}`;
  return new SyncError(
    'IMPORT_CHANGED',
    `In this database's state, ${name} is another import${whose}: ${said}. Nothing was read.`,
    { details: { mapping: name, project: known, found: project } },
  );
}

/**
 * Forgets which imports these names stand for: the next run takes those of its project.
 * @returns of how many it was known
 */
export async function forgetImports(database: Queryable, mappings: readonly string[]): Promise<number> {
  const { rowCount } = await database.query(
    `UPDATE sluice.mapping SET project = NULL, former_projects = '{}', import = NULL
     WHERE name = ANY($1) AND (project IS NOT NULL OR import IS NOT NULL)`,
    [mappings],
  );
  return rowCount;
}
