import type { Project } from '../config/project.ts';
import type { Database, Tx } from '../database/database.ts';
import { SyncError } from '../errors/sync-error.ts';
import { checkTables, type TableProblem } from '../tables/check.ts';
import { migrateTables } from '../tables/migrate.ts';

/**
 * Before a run: creates and changes the tables that Sluice manages, then holds them against what the mappings write.
 * @throws SyncError DATABASE_UNSAFE_CHANGE, DATABASE_SCHEMA_MISMATCH
 */
export async function prepareTables(database: Database, project: Project): Promise<void> {
  const { manage } = project.database;
  const migrated = manage ? await migrateTables(database, [...project.tables.values()]) : null;
  const errors = errorsIn(await checkTables(database, project, migrated?.live ?? null));
  const [first] = errors;
  if (first === undefined) return;
  const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
  throw new SyncError('DATABASE_SCHEMA_MISMATCH', `${first}${more}`, { details: { problems: errors } });
}

/** Why a load would fail in the tables as they are, one text each. */
export async function tableErrors(database: Database, project: Project): Promise<readonly string[]> {
  return errorsIn(await checkTables(database, project));
}

function errorsIn(problems: readonly TableProblem[]): readonly string[] {
  return problems.filter(({ severity }) => severity === 'error').map(({ message }) => message);
}

/** The same database as one open transaction sees it: a plan makes its tables there, and they are rolled back with it. */
export function insideTransaction(database: Database, tx: Tx): Database {
  return {
    ...database,
    query: (sql, values) => tx.query(sql, values),
    transaction: (work) => work(tx),
  };
}
