import type { Client } from 'pg';
import type { Sequelize, Transaction } from 'sequelize';
import { DatabaseError, withoutValues } from './database-error.ts';
import type { Queryable, Tx } from './database.ts';
import { becameCommitted } from './lost-commit.ts';
import { type OnQuery, runCopy, runQuery } from './run-query.ts';

/** The parts of Sequelize 6's transaction that its types hide. All access to them is in this file. */
interface OpenTransaction extends Transaction {
  readonly connection: Client;
  finished?: 'commit' | 'rollback';
  readonly _afterCommitHooks: ((transaction: Transaction) => unknown)[];
  prepareEnvironment(useCls: boolean): Promise<unknown>;
  cleanup(): void;
  forceCleanup(): Promise<void>;
}

export interface TransactionDeps {
  /** Other connections, to ask what became of a commit. */
  readonly pool: Queryable;
  readonly onQuery: OnQuery | undefined;
}

/** @throws what `work` throws, with database errors freed of values */
export async function runTransaction<T>(
  sequelize: Sequelize,
  work: (tx: Tx) => Promise<T>,
  { pool, onQuery }: TransactionDeps,
): Promise<T> {
  const transaction = await started(sequelize);
  const known: Known = { number: null };
  try {
    const result = await work(txOf(transaction, known, onQuery));
    await commit(transaction).catch(async (error: unknown) => {
      // What the server had to say against it, it has said.
      if (transaction.finished !== undefined || known.number === null) throw error;
      if (!(await becameCommitted(known.number, error, pool))) throw error;
      transaction.finished = 'commit';
      if (!isLost(transaction.connection)) await transaction.forceCleanup().catch(() => {});
      await callHooks(transaction);
    });
    return result;
  } catch (error) {
    await rollBack(transaction);
    throw withoutValues(error);
  }
}

/**
 * What `sequelize.transaction()` does, but for what comes of a connection that is lost on the way: Sequelize's own
 * `rollback()` prints to the console when it fails, too, and the terminal is ours.
 */
async function started(sequelize: Sequelize): Promise<OpenTransaction> {
  const { Transaction: TransactionClass } = await import('sequelize');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- these parts are there, but not in the types
  const transaction = new TransactionClass(sequelize, {}) as OpenTransaction;
  transaction.rollback = async () => rollBack(transaction);
  try {
    await transaction.prepareEnvironment(false);
    return transaction;
  } catch (error) {
    throw withoutValues(error);
  }
}

/**
 * Sequelize's own `commit()` takes the server's answer ROLLBACK, which PostgreSQL gives when a statement had failed,
 * for a commit; and it prints to the console when the commit fails.
 */
async function commit(transaction: OpenTransaction): Promise<void> {
  const answer = await transaction.connection.query('COMMIT');
  transaction.finished = answer.command === 'COMMIT' ? 'commit' : 'rollback';
  transaction.cleanup();
  if (transaction.finished === 'rollback') {
    throw new DatabaseError({
      message: 'a statement of this transaction had failed, so nothing of it could be committed (25P02)',
      sqlState: '25P02',
      constraint: null,
      table: null,
      column: null,
      socketCode: null,
    });
  }
  await callHooks(transaction);
}

async function callHooks(transaction: OpenTransaction): Promise<void> {
  // oxlint-disable-next-line eslint/no-underscore-dangle -- Sequelize's own name for it
  for (const hook of transaction._afterCommitHooks) await hook(transaction);
}

async function rollBack(transaction: OpenTransaction): Promise<void> {
  if (transaction.finished !== undefined) return;
  const client = transaction.connection;
  transaction.finished = 'rollback';
  if (isLost(client)) return;
  try {
    await client.query('ROLLBACK');
    transaction.cleanup();
  } catch {
    // The server rolls back by itself what a lost connection left open.
    await transaction.forceCleanup().catch(() => {});
  }
}

/** True for a connection that has left the pool by itself. */
export function isLost(client: Client): boolean {
  return ['_invalid', '_ending', '_ended'].some((mark) => Reflect.get(client, mark) === true);
}

interface Known {
  number: string | null;
}

function txOf(transaction: OpenTransaction, known: Known, onQuery: OnQuery | undefined): Tx {
  const client = transaction.connection;
  let depth = 0;
  return {
    sequelize: transaction,
    connection: client,
    query: (sql, values) => runQuery(client, { sql, values }, onQuery),
    prepared: (name, sql, values) => runQuery(client, { sql, values: values ?? [], name }, onQuery),
    copy: (sql, payload) => runCopy(client, sql, payload, onQuery),
    numberedAs: (number) => {
      known.number = number;
    },
    async savepoint(work) {
      depth += 1;
      const name = `sluice_${depth}`;
      try {
        await runQuery(client, { sql: `SAVEPOINT ${name}` }, onQuery);
        const result = await work();
        await runQuery(client, { sql: `RELEASE SAVEPOINT ${name}` }, onQuery);
        return result;
      } catch (error) {
        if (!isLost(client)) {
          await runQuery(client, { sql: `ROLLBACK TO SAVEPOINT ${name}; RELEASE SAVEPOINT ${name}` }, onQuery).catch(
            () => {},
          );
        }
        throw withoutValues(error);
      } finally {
        depth -= 1;
      }
    },
  };
}
