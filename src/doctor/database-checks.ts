import type { Project } from '../config/project.ts';
import type { Database } from '../database/database.ts';
import { type Check, fail, failed, look, ok, skipped } from './check.ts';
import type { ExamineDeps } from './examine-deps.ts';

type DatabaseDeps = Pick<ExamineDeps, 'database' | 'tableErrors'>;

/** Is the database there, may we do there what we do, and do the tables fit? */
export async function databaseChecks(project: Project, deps: DatabaseDeps): Promise<readonly Check[]> {
  let database: Database;
  try {
    database = await deps.database();
  } catch (error) {
    return [failed('database', error), skipped('rights', NO_DATABASE), skipped('tables', NO_DATABASE)];
  }
  const kind = project.database.url === 'embedded' ? 'embedded, ' : '';
  return [
    ok('database', `${kind}PostgreSQL ${database.serverVersion}, schema ${project.database.schema}`),
    ...(await look('rights', () => rightsCheck(database, project))),
    ...(await look('tables', () => tablesCheck(database, project, deps))),
  ];
}

const NO_DATABASE = 'the database cannot be reached';

interface Rights {
  readonly who: string;
  readonly temp: boolean;
  readonly state: boolean;
  readonly target: boolean;
}

/** TEMP for staging; our own schema, or the right to make it; the target schema, and to create in it when we manage it. */
async function rightsCheck(database: Database, { database: { schema, manage } }: Project): Promise<Check> {
  const { rows } = await database.query<Rights>(
    `SELECT current_user AS who, has_database_privilege(current_database(), 'TEMP') AS temp,
       coalesce((SELECT has_schema_privilege(oid, 'USAGE') FROM pg_namespace WHERE nspname = 'sluice'),
         has_database_privilege(current_database(), 'CREATE')) AS state,
       coalesce((SELECT has_schema_privilege(oid, $2) FROM pg_namespace WHERE nspname = $1),
         $2 = 'CREATE' AND has_database_privilege(current_database(), 'CREATE')) AS target`,
    [schema, manage ? 'CREATE' : 'USAGE'],
  );
  const rights = rows[0];
  if (rights === undefined) return fail('rights', 'The server tells nothing about rights.', 'Run the command again.');
  const missing = [
    ...(rights.temp ? [] : ['TEMP on the database']),
    ...(rights.state ? [] : ['CREATE on the database (for the schema sluice)']),
    ...(rights.target ? [] : [`${manage ? 'CREATE' : 'USAGE'} on schema ${schema}`]),
  ];
  if (missing.length === 0) return ok('rights', `${rights.who} may stage, keep state and write to ${schema}`);
  return fail('rights', `${rights.who} lacks ${missing.join(', ')}.`, `Grant them to ${rights.who}.`);
}

async function tablesCheck(database: Database, project: Project, deps: DatabaseDeps): Promise<Check> {
  const errors = await deps.tableErrors(database);
  if (errors.length === 0) return ok('tables', 'every mapping can write to its tables');
  const [first = ''] = errors;
  const message = errors.length === 1 ? first : `${errors.length} problems; the first: ${first}`;
  if (project.database.manage) return ok('tables', `${message} The next run, or \`sluice db migrate\`, mends that.`);
  return fail('tables', message, 'Run `sluice db check` to see all, then change the tables or the table files.');
}
