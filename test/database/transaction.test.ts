import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  await test.database.query('CREATE TABLE pupil (id int PRIMARY KEY, name varchar(5))');
});

beforeEach(async () => {
  await test.database.query('TRUNCATE pupil');
});

afterAll(() => test.drop());

async function names(): Promise<(string | null)[]> {
  const { rows } = await test.database.query<{ name: string | null }>('SELECT name FROM pupil ORDER BY id');
  return rows.map((row) => row.name);
}

describe('a transaction', () => {
  it('keeps what its work has written', async () => {
    const told = await test.database.transaction(async (tx) => {
      await tx.query('INSERT INTO pupil VALUES ($1, $2)', [1, 'Ada']);
      return 'done';
    });

    expect(told).toBe('done');
    expect(await names()).toEqual(['Ada']);
  });

  it('keeps nothing when its work throws, and throws the same', async () => {
    const trouble = new Error('no');

    const run = test.database.transaction(async (tx) => {
      await tx.query('INSERT INTO pupil VALUES (1)');
      throw trouble;
    });

    await expect(run).rejects.toBe(trouble);
    expect(await names()).toEqual([]);
  });

  it('does not pass for committed when a failed statement in it was overlooked', async () => {
    const run = test.database.transaction(async (tx) => {
      await tx.query('INSERT INTO pupil VALUES (1)');
      await tx.copy('COPY pupil FROM STDIN', 'x\ty\n').catch(() => {});
    });

    await expect(run).rejects.toMatchObject({ name: 'DatabaseError', sqlState: '25P02' });
    expect(await names()).toEqual([]);
  });

  it('gives its connection back after an error', async () => {
    for (let round = 0; round < 12; round += 1) {
      await expect(test.database.transaction((tx) => tx.query('SELECT nothing'))).rejects.toMatchObject({
        sqlState: '42703',
      });
    }

    expect(await names()).toEqual([]);
  });

  it('goes on in a new connection after the server has ended the old one', async () => {
    const run = test.database.transaction(async (tx) => {
      await tx.query('INSERT INTO pupil VALUES (1)');
      const { rows } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await test.database.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
      await tx.query('INSERT INTO pupil VALUES (2)');
    });

    await expect(run).rejects.toMatchObject({ name: 'DatabaseError' });
    await test.database.transaction((tx) => tx.query(`INSERT INTO pupil VALUES (3, 'Bo')`));
    expect(await names()).toEqual(['Bo']);
  });
});

describe('a savepoint', () => {
  it('undoes its own work only', async () => {
    await test.database.transaction(async (tx) => {
      await tx.query(`INSERT INTO pupil VALUES (1, 'Ada')`);
      await expect(
        tx.savepoint(async () => {
          await tx.query(`INSERT INTO pupil VALUES (2, 'Bo')`);
          await tx.query(`INSERT INTO pupil VALUES (3, 'much too long')`);
        }),
      ).rejects.toMatchObject({ sqlState: '22001' });
      await tx.query(`INSERT INTO pupil VALUES (4, 'Cy')`);
    });

    expect(await names()).toEqual(['Ada', 'Cy']);
  });

  it('can hold another one', async () => {
    await test.database.transaction((tx) =>
      tx.savepoint(async () => {
        await tx.query(`INSERT INTO pupil VALUES (1, 'Ada')`);
        await tx.savepoint(() => tx.query('SELECT nothing')).catch(() => {});
        await tx.savepoint(() => tx.query(`INSERT INTO pupil VALUES (2, 'Bo')`));
      }),
    );

    expect(await names()).toEqual(['Ada', 'Bo']);
  });
});

describe('copy', () => {
  it('takes all rows at once and tells how many', async () => {
    const rows = await test.database.transaction((tx) => tx.copy('COPY pupil FROM STDIN', '1\tAda\n2\t\\N\n'));

    expect(rows).toBe(2);
    expect(await names()).toEqual(['Ada', null]);
  });

  it('takes no rows', async () => {
    expect(await test.database.transaction((tx) => tx.copy('COPY pupil FROM STDIN', ''))).toBe(0);
  });

  it('can fail under a savepoint and be tried again', async () => {
    await test.database.transaction(async (tx) => {
      await tx.savepoint(() => tx.copy('COPY pupil FROM STDIN', '1\tmuch too long\n')).catch(() => {});
      await tx.savepoint(() => tx.copy('COPY pupil FROM STDIN', '1\tshort\n'));
    });

    expect(await names()).toEqual(['short']);
  });
});

describe('a prepared statement', () => {
  it('is parsed once for each connection', async () => {
    await test.database.transaction(async (tx) => {
      for (const [id, name] of [
        [1, 'Ada'],
        [2, 'Bo'],
      ]) {
        await tx.prepared('add_pupil', 'INSERT INTO pupil VALUES ($1, $2)', [id, name]);
      }
      const { rows } = await tx.query<{ name: string }>('SELECT name FROM pg_prepared_statements');
      expect(rows).toEqual([{ name: 'add_pupil' }]);
    });

    expect(await names()).toEqual(['Ada', 'Bo']);
  });
});

describe('values', () => {
  it('lose nothing on their way back', async () => {
    const { rows } = await test.database.query(
      `SELECT 9007199254740993::bigint AS big, 1.10::numeric AS exact, 3 AS small, true AS yes, date '2010-02-28' AS day,
        timestamptz '2026-01-02 03:04:05Z' AS moment, '{"a":[1]}'::jsonb AS json, NULL AS nothing`,
    );

    expect(rows).toEqual([
      {
        big: '9007199254740993',
        exact: '1.10',
        small: 3,
        yes: true,
        day: '2010-02-28',
        moment: new Date('2026-01-02T03:04:05Z'),
        json: { a: [1] },
        nothing: null,
      },
    ]);
  });
});

describe('a session', () => {
  it('keeps an advisory lock until it is closed', async () => {
    const held = await test.database.session();
    const other = await test.database.session();
    const lock = (): Promise<{ rows: { got: boolean }[] }> => other.query('SELECT pg_try_advisory_lock(7) AS got');
    await held.query('SELECT pg_advisory_lock(7)');

    expect((await lock()).rows).toEqual([{ got: false }]);
    await held.close();
    expect((await lock()).rows).toEqual([{ got: true }]);
    expect(held.lost.aborted).toBe(false);
    await other.close();
  });

  it('tells when the server has ended it', async () => {
    const session = await test.database.session();
    const { rows } = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const lost = new Promise((resolve) => session.lost.addEventListener('abort', resolve));

    await test.database.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    await lost;

    expect(session.lost.reason).toMatchObject({ code: 'DATABASE_LOST' });
    await session.close();
  });
});
