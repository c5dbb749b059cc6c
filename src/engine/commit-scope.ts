import pRetry from 'p-retry';
import type { Database, Queryable, Tx } from '../database/database.ts';
import { classifyDatabaseError } from '../database/database-error.ts';

/**
 * Where a run's commits go. A run has one of two:
 * - committing: each commit is a transaction of its own, several at once;
 * - previewing: everything happens in one transaction that is rolled back, so a plan sees what a run would see.
 */
export interface CommitScope extends Queryable {
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Commits that may be under way at once. */
  readonly concurrency: number;
  /** Where new rows take their keys from; a preview leaves the tables' sequences alone. */
  readonly keys: 'table' | 'preview';
}

const COMMIT_RETRIES = { retries: 5, minTimeout: 100, maxTimeout: 5_000, factor: 2, randomize: true } as const;

/** Repeats a commit whole when the database gave way to another (deadlock, lost connection, timeout). */
export function committing(database: Database, concurrency: number): CommitScope {
  return {
    concurrency,
    keys: 'table',
    query: (sql, values) => database.query(sql, values),
    transaction: async (work) =>
      pRetry(async () => database.transaction(work), {
        ...COMMIT_RETRIES,
        shouldRetry: ({ error }) => classifyDatabaseError(error)?.kind === 'transient',
      }),
  };
}

/** Does `work` in one transaction and rolls it back, whatever happens. */
export async function previewing<T>(database: Database, work: (scope: CommitScope, tx: Tx) => Promise<T>): Promise<T> {
  let result: { readonly value: T } | undefined;
  try {
    await database.transaction(async (tx) => {
      const value = await work(
        {
          concurrency: 1,
          keys: 'preview',
          query: (sql, values) => tx.query(sql, values),
          transaction: (inner) => tx.savepoint(() => inner(tx)),
        },
        tx,
      );
      result = { value };
      throw new RollBack();
    });
  } catch (error) {
    if (!(error instanceof RollBack)) throw error;
  }
  if (result === undefined) throw new Error('a preview ended without a result');
  return result.value;
}

class RollBack extends Error {
  override readonly name = 'RollBack';
}
