import type { FunctionCall } from '../config/mapping.ts';
import { classifyDatabaseError } from '../database/database-error.ts';
import type { Tx } from '../database/database.ts';
import { quoteTable } from '../database/quote.ts';
import type { TableCounts } from '../flow/counts.ts';
import type { StepDeps } from './step-deps.ts';

/** For whom a hook runs. */
export interface HookPlace {
  readonly mapping: string;
  readonly phase: string;
}

/** Rows that hooks changed, by table. */
export type HookedRows = Readonly<Record<string, Partial<TableCounts>>>;

/**
 * Runs a mapping's hooks in the given transaction, one after the other: what they write is committed or rolled back
 * with everything else.
 * @returns what each says that it changed
 * @throws SyncError PLUGIN_FAILED when one fails; passing trouble of the database as it is, so that it can be repeated
 */
export async function runHooks(
  tx: Tx,
  hooks: readonly FunctionCall[],
  place: HookPlace,
  deps: Pick<StepDeps, 'functions' | 'project' | 'log' | 'signal'>,
): Promise<readonly HookedRows[]> {
  const { functions, project, log, signal } = deps;
  const changed: HookedRows[] = [];
  for (const hook of hooks) {
    changed.push(
      await functions.hook(hook)(
        {
          transaction: tx.sequelize,
          query: (sql, values) => tx.query(sql, values),
          table: (name) => quoteTable(project.database.schema, name),
          ...place,
          log,
          signal,
        },
        (error) => classifyDatabaseError(error)?.kind === 'transient',
      ),
    );
  }
  return changed;
}
