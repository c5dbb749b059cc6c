import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  classifyDatabaseError,
  DatabaseError,
  sqlState,
  toSyncError,
  withoutValues,
} from '../../src/database/database-error.ts';
import { defineModels } from '../../src/database/models.ts';
import type { Table } from '../../src/config/table.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { tableOf } from '../support/table.ts';

const CANARY = 'Canary-Zoe-4711';
let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  await test.database.query(`
    CREATE TABLE school (id varchar(18) PRIMARY KEY);
    CREATE TABLE pupil (
      id int PRIMARY KEY, name varchar(20) NOT NULL CONSTRAINT pupil_name_key UNIQUE, born date,
      grade int CONSTRAINT grade_range CHECK (grade BETWEEN 0 AND 12),
      school_id varchar(18) CONSTRAINT pupil_school_fkey REFERENCES school DEFERRABLE);
    INSERT INTO pupil (id, name) VALUES (1, '${CANARY}');
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF NEW.id > 1000 THEN RAISE EXCEPTION 'no room for %', NEW.name USING ERRCODE = coalesce(NEW.school_id, 'P0001'); END IF;
      RETURN NEW; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON pupil FOR EACH ROW EXECUTE FUNCTION refuse()`);
});

afterAll(() => test.drop());

async function errorOf(sql: string, values?: readonly unknown[]): Promise<unknown> {
  return test.database.query(sql, values).then(
    () => null,
    (error: unknown) => error,
  );
}

/** Everything of an error that could be printed. */
function textOf(error: unknown): string {
  const fields = error instanceof Error ? Object.getOwnPropertyNames(error) : [];
  const parts = fields.map((name) => String(Reflect.get(error as object, name)));
  const cause = error instanceof Error && error.cause !== undefined ? textOf(error.cause) : '';
  return [String(error), JSON.stringify(error), ...parts, cause].join('\n');
}

describe('an error that a row causes', () => {
  const long = `${CANARY} and much more than twenty`;
  it.each<[string, string, readonly unknown[], string, string | null]>([
    ['a missing value', `INSERT INTO pupil (id, born) VALUES (2, '2010-01-01')`, [], 'MISSING_REQUIRED_FIELD', 'name'],
    ['a value that is taken', 'INSERT INTO pupil VALUES (2, $1)', [CANARY], 'DUPLICATE_RECORD', 'pupil_name_key'],
    ['a value out of range', 'INSERT INTO pupil VALUES (2, $1, NULL, 13)', [CANARY], 'DB_CONSTRAINT', 'grade_range'],
    ['text that is too long', 'INSERT INTO pupil VALUES (2, $1)', [long], 'DB_CONSTRAINT', null],
    ['a date that is none', 'INSERT INTO pupil VALUES (2, $1, $2)', ['B', CANARY], 'DB_INTEGRITY', null],
    ['a trigger', 'INSERT INTO pupil VALUES (1001, $1)', [CANARY], 'DB_INTEGRITY', null],
    ["a trigger's own code", `INSERT INTO pupil VALUES (1001, $1, NULL, 1, 'KX001')`, [CANARY], 'DB_INTEGRITY', null],
    [
      'a parent that is not here',
      `INSERT INTO pupil VALUES (2, 'C', NULL, 1, $1)`,
      [CANARY],
      'FK_NOT_FOUND',
      'pupil_school_fkey',
    ],
  ])('says so for %s', async (_, sql, ...[values, code, name]) => {
    const trouble = classifyDatabaseError(await errorOf(sql, values));

    expect(trouble).toMatchObject({ kind: 'row', code });
    expect([...Object.values(trouble ?? {}), null]).toContain(name);
  });

  it('is told apart from one that no row causes', async () => {
    expect(classifyDatabaseError(await errorOf('SELECT * FROM nowhere'))).toEqual({
      kind: 'fatal',
      code: 'DATABASE_SCHEMA_MISMATCH',
    });
    expect(classifyDatabaseError(await errorOf('SELECT nothing FROM pupil'))).toMatchObject({ kind: 'fatal' });
    expect(classifyDatabaseError(await errorOf('SELEKT'))).toEqual({ kind: 'fatal', code: 'DATABASE_FAILED' });
    expect(classifyDatabaseError(new Error('something else'))).toBeNull();
    expect(classifyDatabaseError('text')).toBeNull();
  });
});

describe('an error that another try can heal', () => {
  it.each(['40000', '40001', '40P01', '55P03', '57014', '53200', '53300', '57P01', '57P05', '25P03', '25P04', '08006'])(
    'is transient with state %s',
    async (state) => {
      const error = await errorOf(`DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '${state}'; END $$`);

      expect(sqlState(error)).toBe(state);
      expect(classifyDatabaseError(error)).toMatchObject({ kind: 'transient' });
    },
  );

  it('is a deadlock', async () => {
    await test.database.query(`INSERT INTO school VALUES ('a'), ('b')`);
    const both = [
      ['a', 'b'],
      ['b', 'a'],
    ].map(([first, second]) => {
      const touch = `UPDATE school SET id = id WHERE id = $1`;
      return test.database.transaction(async (tx) => {
        await tx.query(touch, [first]);
        await tx.query('SELECT pg_sleep(0.1)');
        await tx.query(touch, [second]);
      });
    });

    const ends = await Promise.allSettled(both);
    const refused = ends.filter((end) => end.status === 'rejected');
    expect(refused).toHaveLength(1);
    expect(classifyDatabaseError(refused[0]?.reason)).toEqual({ kind: 'transient', code: 'DATABASE_BUSY' });
  });

  it('is a constraint that is looked at only when the transaction commits', async () => {
    const commit = test.database.transaction(async (tx) => {
      await tx.query('SET CONSTRAINTS ALL DEFERRED');
      await tx.query(`INSERT INTO pupil VALUES (9, 'D', NULL, 1, $1)`, [CANARY]);
    });

    const error: unknown = await commit.catch((thrown: unknown) => thrown);
    expect(classifyDatabaseError(error)).toMatchObject({ kind: 'row', code: 'FK_NOT_FOUND' });
    expect(textOf(error)).not.toContain(CANARY);
  });
});

describe('an error that stops the run', () => {
  it.each([
    ['53100', 'DATABASE_FULL'],
    ['42501', 'DATABASE_PERMISSION'],
    ['28P01', 'DATABASE_AUTH_FAILED'],
    ['25006', 'DATABASE_PERMISSION'],
    ['XX000', 'DATABASE_FAILED'],
  ])('with state %s is %s', async (state, code) => {
    const error = await errorOf(`DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '${state}'; END $$`);

    expect(classifyDatabaseError(error)).toEqual({ kind: 'fatal', code });
    expect(toSyncError(error)).toMatchObject({ name: 'SyncError', code });
  });
});

describe('what is told of an error', () => {
  const sayings: readonly (readonly [string, string, readonly unknown[]])[] = [
    ["the server's detail", 'INSERT INTO pupil VALUES (2, $1)', [CANARY]],
    ["the server's message", 'INSERT INTO pupil VALUES (2, $1, $2)', ['B', CANARY]],
    ['the message of a trigger', 'INSERT INTO pupil VALUES (1001, $1)', [CANARY]],
    ["a trigger that takes the server's codes", `INSERT INTO pupil VALUES (1001, $1, NULL, 1, '42501')`, [CANARY]],
    ['the failing row', 'INSERT INTO pupil VALUES (2, $1, NULL, 13)', [CANARY]],
  ];
  it.each(sayings)('holds no value of a row from %s', async (_, sql, values) => {
    const error = await errorOf(sql, values);

    expect(error).toBeInstanceOf(DatabaseError);
    expect(textOf(error)).not.toContain(CANARY);
    expect(textOf(toSyncError(error))).not.toContain(CANARY);
  });

  it('holds no value of a row from COPY', async () => {
    const copy = test.database.transaction((tx) => tx.copy('COPY pupil FROM STDIN', `7\tx\t${CANARY}\t1\t\\N\n`));

    const error: unknown = await copy.catch((thrown: unknown) => thrown);
    expect(classifyDatabaseError(error)).toMatchObject({ kind: 'row' });
    expect(textOf(error)).not.toContain(CANARY);
  });

  it("holds no value of a row from a model's own error", async () => {
    const pupil: Table = tableOf('pupil', { id: { type: 'integer' }, name: { type: 'string', length: 20 } });
    const models = await defineModels(test.database.sequelize, [pupil]);

    const creation = test.database.transaction(async (tx) => {
      await models.get('pupil')?.create({ id: 5, name: CANARY }, { transaction: tx.sequelize });
    });

    const error: unknown = await creation.catch((thrown: unknown) => thrown);
    expect(classifyDatabaseError(error)).toMatchObject({ kind: 'row', code: 'DUPLICATE_RECORD' });
    expect(error).toBeInstanceOf(DatabaseError);
    expect(textOf(error)).not.toContain(CANARY);
  });

  it('names the constraint, the table and the state', async () => {
    const error = await errorOf('INSERT INTO pupil VALUES (2, $1)', [CANARY]);

    expect(error).toMatchObject({
      message: 'the database refused a row (23505, constraint pupil_name_key, table pupil)',
    });
  });

  it('leaves other errors as they are', () => {
    const error = new Error('mine');

    expect(withoutValues(error)).toBe(error);
    expect(toSyncError(error)).toBe(error);
  });
});
