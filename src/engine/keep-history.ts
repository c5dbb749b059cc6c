import type { Project } from '../config/project.ts';
import type { Database } from '../database/database.ts';
import { unwatchTables, watchTables } from '../load/load.ts';
import { forgetOldChanges, keepChanges, KEPT_STATE, markKept, watchLedger } from '../state/row-changes.ts';
import type { CommitScope } from './commit-scope.ts';

type HistoryOf = Pick<Project, 'name' | 'history' | 'tables' | 'database'>;

/**
 * Before a run, when the tables are ready: sees to it that their changes are kept, and forgets those that are too old;
 * takes the triggers away where the project keeps no history.
 */
export async function prepareHistory(database: Database, project: HistoryOf): Promise<void> {
  const { name, history, tables } = project;
  const { schema } = project.database;
  await watchLedger(database, history !== null);
  if (history === null) {
    await unwatchTables(database, schema, tables.values(), KEPT_STATE);
    // Personal values: nobody wants them any more.
    await forgetOldChanges(database, name, 0);
    return;
  }
  await watchTables(database, schema, tables.values(), KEPT_STATE);
  await forgetOldChanges(database, name, history.keep);
}

/** The same scope, for a run that has just been written down: every transaction tells whose doing it is. */
export async function keepHistory(scope: CommitScope, { history }: HistoryOf, runId: string): Promise<CommitScope> {
  if (history === null || scope.keys === 'preview') return scope;
  await markKept(scope, runId);
  return {
    ...scope,
    transaction: (work) =>
      scope.transaction(async (tx) => {
        await keepChanges(tx, runId);
        return work(tx);
      }),
  };
}
