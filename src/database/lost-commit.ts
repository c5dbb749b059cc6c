import { setTimeout as wait } from 'node:timers/promises';
import { SyncError } from '../errors/sync-error.ts';
import { classifyDatabaseError } from './database-error.ts';
import type { Queryable } from './database.ts';

/** A server that fails over is back within a minute or two. */
const PATIENCE_MS = 120_000;
const PAUSE_MS = 250;

/**
 * Whether a transaction was committed although its COMMIT ended with an error: a connection can be lost between the
 * commit and its answer. Doing such a transaction again would count it twice.
 * @param number  its `pg_current_xact_id()`
 * @param error  how the COMMIT ended
 * @throws SyncError DATABASE_LOST when nobody can say
 */
export async function becameCommitted(
  number: string,
  error: unknown,
  pool: Queryable,
  patienceMs = PATIENCE_MS,
): Promise<boolean> {
  if (classifyDatabaseError(error)?.kind !== 'transient') return false;
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const status = await statusOf(number, pool);
    if (status === 'committed') return true;
    if (status === 'aborted') return false;
    // In progress: the server has not noticed yet that nobody listens. Null: it does not answer, or has forgotten.
    if (performance.now() > deadline) {
      const message = 'The connection was lost during a commit, and the database does not tell whether it was made.';
      throw new SyncError('DATABASE_LOST', message, { cause: error });
    }
    await wait(PAUSE_MS);
  }
}

async function statusOf(number: string, pool: Queryable): Promise<string | null> {
  try {
    const { rows } = await pool.query<{ status: string | null }>('SELECT pg_xact_status($1::xid8) AS status', [number]);
    return rows[0]?.status ?? null;
  } catch (error) {
    if (classifyDatabaseError(error)?.kind === 'transient') return null;
    throw error;
  }
}
