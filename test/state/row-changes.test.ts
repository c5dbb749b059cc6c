import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Tx } from '../../src/database/database.ts';
import { unwatchTables, watchTables } from '../../src/load/load.ts';
import { prepareState } from '../../src/state/prepare-state.ts';
import {
  findKeptRun,
  forgetOldChanges,
  gatherNetChanges,
  keepChanges,
  KEPT_STATE,
  markKept,
  NET_CHANGES,
} from '../../src/state/row-changes.ts';
import { startRun } from '../../src/state/runs.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { tableOf } from '../support/table.ts';

const PET = tableOf('pet', { id: { type: 'integer' }, name: { type: 'text' } });

let test: TestDatabase;
let run: string;

beforeAll(async () => {
  test = await createTestDatabase();
  await prepareState(test.database);
  await test.database.query('CREATE TABLE pet (id integer PRIMARY KEY, name text)');
});

afterAll(() => test.drop());

beforeEach(async () => {
  await test.database.query('TRUNCATE pet, sluice.row_change, sluice.run CASCADE');
  await watchTables(test.database, 'public', [PET], KEPT_STATE);
  run = await begin();
});

async function begin(project = 'pets'): Promise<string> {
  const id = randomUUID();
  await startRun(test.database, { id, project, command: 'run', host: 'box', pid: 1, options: {} });
  await markKept(test.database, id);
  return id;
}

/** As a commit of the run would do it. */
async function asRun(...statements: string[]): Promise<void> {
  await test.database.transaction(async (tx) => {
    await keepChanges(tx, run);
    for (const sql of statements) await tx.query(sql);
  });
}

interface NetChange {
  readonly row_key: Record<string, unknown>;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
}

async function netChanges(): Promise<readonly NetChange[]> {
  return test.database.transaction(async (tx: Tx) => {
    await gatherNetChanges(tx, run);
    const { rows } = await tx.query<NetChange>(`SELECT row_key, before, after FROM ${NET_CHANGES} ORDER BY place`);
    return rows;
  });
}

describe('the rows that a run changes', () => {
  it('are kept as they were and as they are, by their keys', async () => {
    await test.database.query("INSERT INTO pet VALUES (1, 'Rex'), (2, 'Tom'), (3, 'Ada')");

    await asRun(
      "INSERT INTO pet VALUES (4, 'New')",
      "UPDATE pet SET name = 'Max' WHERE id = 1",
      'DELETE FROM pet WHERE id = 2',
    );

    expect(await netChanges()).toEqual([
      { row_key: { id: 4 }, before: null, after: { id: 4, name: 'New' } },
      { row_key: { id: 1 }, before: { id: 1, name: 'Rex' }, after: { id: 1, name: 'Max' } },
      { row_key: { id: 2 }, before: { id: 2, name: 'Tom' }, after: null },
    ]);
  });

  it('are one change each, whatever happened in between; what is as before is none', async () => {
    await test.database.query("INSERT INTO pet VALUES (1, 'Rex'), (2, 'Tom')");

    await asRun("INSERT INTO pet VALUES (3, 'New')", "UPDATE pet SET name = 'Max' WHERE id = 1");
    await asRun("UPDATE pet SET name = name || '!'", 'DELETE FROM pet WHERE id = 2');
    await asRun("UPDATE pet SET name = 'Rex' WHERE id = 1", "INSERT INTO pet VALUES (2, 'Tim')");

    expect(await netChanges()).toEqual([
      { row_key: { id: 3 }, before: null, after: { id: 3, name: 'New!' } },
      { row_key: { id: 2 }, before: { id: 2, name: 'Tom' }, after: { id: 2, name: 'Tim' } },
    ]);
  });

  it('are not kept where a statement writes what is there already, nor where the commit is rolled back', async () => {
    await test.database.query("INSERT INTO pet VALUES (1, 'Rex')");

    await asRun('UPDATE pet SET name = name');
    await expect(asRun("UPDATE pet SET name = 'Max'", 'SELECT 1 / 0')).rejects.toThrow('22012');

    expect(await netChanges()).toEqual([]);
  });

  it('are none of a run that has ended: the same connection keeps nothing more', async () => {
    await asRun("INSERT INTO pet VALUES (1, 'Rex')");

    await test.database.query("UPDATE pet SET name = 'Max'");

    expect(await netChanges()).toMatchObject([{ after: { name: 'Rex' } }]);
  });

  it('are forgotten with all others of their run when it is too old, and those of other projects stay', async () => {
    await asRun("INSERT INTO pet VALUES (1, 'Rex')");
    const old = run;
    run = await begin('strangers');
    await asRun("INSERT INTO pet VALUES (2, 'Tom')");
    await test.database.query("UPDATE sluice.run SET started_at = now() - interval '3 hours'");

    expect(await forgetOldChanges(test.database, 'pets', 4 * 3_600)).toBe(0);
    expect(await forgetOldChanges(test.database, 'pets', 2 * 3_600)).toBe(1);

    expect((await findKeptRun(test.database, old)).keepsHistory).toBe(false);
    expect((await findKeptRun(test.database, run)).keepsHistory).toBe(true);
    expect(await netChanges()).toHaveLength(1);
  });
});

describe('a table whose changes are kept', () => {
  it('gets its triggers again when its key is another one, and loses them when nothing is kept', async () => {
    const triggers = async () => {
      const { rows } = await test.database.query<{ definition: string }>(
        `SELECT pg_get_triggerdef(oid) AS definition FROM pg_trigger
         WHERE tgrelid = 'pet'::regclass AND tgname = 'sluice_history_insert'`,
      );
      return rows.map(({ definition }) => /keep_row_changes\((.*)\)/.exec(definition)?.[1]);
    };
    expect(await triggers()).toEqual(["'id'"]);

    await watchTables(test.database, 'public', [{ ...PET, primaryKey: ['id', 'name'] }], KEPT_STATE);
    expect(await triggers()).toEqual(["'id', 'name'"]);

    await test.database.query("UPDATE sluice.run SET status = 'succeeded'");
    await unwatchTables(test.database, 'public', [PET], KEPT_STATE);
    expect(await triggers()).toEqual([]);
  });

  it('must be one that the user may put triggers on', async () => {
    const role = `no_trigger_${String(Date.now())}`;
    await test.database.query(`CREATE ROLE ${role}; GRANT USAGE ON SCHEMA sluice TO ${role};
      GRANT ALL ON sluice.deletion, sluice.run TO ${role}; GRANT SELECT, INSERT, UPDATE, DELETE ON pet TO ${role}`);
    await unwatchAll();

    const refused = test.database.transaction(async (tx) => {
      await tx.query(`SET LOCAL ROLE ${role}`);
      await watchTables(tx, 'public', [PET], KEPT_STATE);
    });

    await expect(refused).rejects.toMatchObject({ code: 'HISTORY_NOT_ALLOWED', details: { table: '"public"."pet"' } });
    await test.database.query(`GRANT TRIGGER ON pet TO ${role}`);
    await test.database.transaction(async (tx) => {
      await tx.query(`SET LOCAL ROLE ${role}`);
      await watchTables(tx, 'public', [PET], KEPT_STATE);
      // Not its owner: they stay.
      await unwatchTables(tx, 'public', [PET], KEPT_STATE);
    });
    const { rows } = await test.database.query("SELECT 1 FROM pg_trigger WHERE tgrelid = 'pet'::regclass");
    expect(rows).toHaveLength(3);
  });
});

async function unwatchAll(): Promise<void> {
  await test.database.query("UPDATE sluice.run SET status = 'succeeded'");
  await unwatchTables(test.database, 'public', [PET], { table: 'pet' });
}
