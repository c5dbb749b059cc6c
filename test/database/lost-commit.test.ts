import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { becameCommitted } from '../../src/database/lost-commit.ts';
import type { Database, Tx } from '../../src/database/database.ts';
import { DatabaseError } from '../../src/database/database-error.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type LossyProxy, openLossyProxy } from '../support/lossy-proxy.ts';

let test: TestDatabase;
let proxy: LossyProxy;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  await test.database.query('CREATE TABLE pupil (id int GENERATED ALWAYS AS IDENTITY, name text)');
  proxy = await openLossyProxy(test.url);
});

beforeEach(async () => {
  database = await openDatabase({ url: proxy.url, schema: 'public' });
  await test.database.query('TRUNCATE pupil');
});

afterEach(() => database.close());

afterAll(async () => {
  await proxy.close();
  await test.drop();
});

async function enrol(tx: Tx): Promise<string> {
  await tx.query(`INSERT INTO pupil (name) VALUES ('Ada')`);
  const { rows } = await tx.query<{ number: string }>('SELECT pg_current_xact_id()::text AS number');
  tx.numberedAs(rows[0]?.number ?? '');
  return 'enrolled';
}

async function pupils(): Promise<number> {
  return (await test.database.query('SELECT 1 FROM pupil')).rows.length;
}

const LOST = new DatabaseError({
  message: 'lost',
  sqlState: null,
  constraint: null,
  table: null,
  column: null,
  socketCode: null,
});

describe('a connection that is lost when a transaction begins', () => {
  it('is an error to whoever asked for the transaction, and nothing on the terminal: that is ours', async () => {
    const printed: unknown[] = [];
    const spies = (['log', 'warn', 'error', 'info'] as const).map((name) =>
      jest.spyOn(console, name).mockImplementation((...what: unknown[]) => void printed.push(what)),
    );
    proxy.loseAt('START TRANSACTION');

    await expect(database.transaction(enrol)).rejects.toMatchObject({ name: 'DatabaseError', sqlState: null });

    expect(printed).toEqual([]);
    for (const spy of spies) spy.mockRestore();
    expect(await database.transaction(enrol)).toBe('enrolled');
    for (let round = 0; round < 8; round += 1) {
      proxy.loseAt('START TRANSACTION');
      await expect(database.transaction(enrol)).rejects.toMatchObject({ name: 'DatabaseError' });
    }
    expect(await database.transaction(enrol)).toBe('enrolled');
  });
});

describe('a commit whose answer was lost with the connection', () => {
  it('counts as done when the server has made it', async () => {
    proxy.loseNextCommit('after');

    expect(await database.transaction(enrol)).toBe('enrolled');

    expect(await pupils()).toBe(1);
    expect(await database.transaction(enrol)).toBe('enrolled');
  });

  it('can be done again when the server has not heard of it', async () => {
    proxy.loseNextCommit('before');

    await expect(database.transaction(enrol)).rejects.toMatchObject({ name: 'DatabaseError', sqlState: null });

    expect(await pupils()).toBe(0);
    expect(await database.transaction(enrol)).toBe('enrolled');
  });

  it('stops the run when nobody can say what became of it', async () => {
    const silent = { query: () => Promise.reject(LOST) };

    await expect(becameCommitted('1', LOST, silent, 0)).rejects.toMatchObject({ code: 'DATABASE_LOST' });
  });
});
