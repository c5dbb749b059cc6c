import type { Database, Tx } from '../../src/database/database.ts';

/** A database as one run sees it: its statements are counted, and from one of them on nothing is answered any more. */
export interface Mortal {
  readonly database: Database;
  /** Nothing that is asked from now on is ever answered: what a killed process would have asked is not asked. */
  die(): void;
}

/** @param onStatement  told the number of each statement, from 1, before it is sent; ends of transactions count, too */
export function mortal(database: Database, onStatement: (nth: number) => void): Mortal {
  let dead = false;
  let nth = 0;
  const alive = async <T>(work: () => Promise<T>): Promise<T> => {
    if (!dead) onStatement((nth += 1));
    if (dead) return never();
    const result = await work();
    return dead ? never() : result;
  };
  const txOf = (tx: Tx): Tx => ({
    ...tx,
    query: async (sql, values) => alive(async () => tx.query(sql, values)),
    prepared: async (name, sql, values) => alive(async () => tx.prepared(name, sql, values)),
    copy: async (sql, payload) => alive(async () => tx.copy(sql, payload)),
    savepoint: async (work) => alive(async () => tx.savepoint(work)),
  });
  return {
    database: {
      ...database,
      query: async (sql, values) => alive(async () => database.query(sql, values)),
      session: async () => alive(async () => database.session()),
      transaction: async (work) =>
        alive(async () => {
          const result = await database.transaction(async (tx) => {
            const value = await work(txOf(tx));
            return alive(async () => Promise.resolve(value));
          });
          // Committed, and nobody hears of it.
          return alive(async () => Promise.resolve(result));
        }),
    },
    die: () => {
      dead = true;
    },
  };
}

async function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
