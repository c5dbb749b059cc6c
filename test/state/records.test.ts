import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Tx } from '../../src/database/database.ts';
import type { Stage } from '../../src/flow/stage.ts';
import { prepareState } from '../../src/state/prepare-state.ts';
import { changedRecords, rememberStaged, staleRecords } from '../../src/state/records.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const OLD = '2030-01-01T00:00:00Z';
const NEW = '2030-01-01T00:00:01Z';

let test: TestDatabase;

beforeEach(async () => {
  test = await createTestDatabase();
  await prepareState(test.database);
  await test.database.query(
    `INSERT INTO sluice.record (mapping_id, source_id, hash, stamp) VALUES (1, 'a', $1, '2029-01-01')`,
    [uuid('0a')],
  );
});

afterEach(() => test.drop());

function uuid(digits: string): string {
  return digits.repeat(16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, '$1-$2-$3-$4-$5');
}

/** One record on its way in this transaction. */
async function staged(tx: Tx, stamp: string): Promise<Stage> {
  await tx.query(
    `CREATE TEMPORARY TABLE one ON COMMIT DROP AS
     SELECT 'a'::text AS source_id, $1::uuid AS hash, $2::timestamptz AS stamp, false AS again`,
    [uuid(stamp === OLD ? '0b' : '0c'), stamp],
  );
  return { name: 'pg_temp.one', idType: 'integer', links: [] };
}

async function remembered(): Promise<string | undefined> {
  const { rows } = await test.database.query<{ stamp: Date }>('SELECT stamp FROM sluice.record');
  return rows[0]?.stamp.toISOString().replace('.000', '');
}

describe('what is remembered of a record', () => {
  it('is the newer of two states whose commits are under way at once, though the older one comes second', async () => {
    const { promise: mayCommit, resolve: letCommit } = Promise.withResolvers<undefined>();
    const { promise: isWritten, resolve: written } = Promise.withResolvers<undefined>();
    const newer = test.database.transaction(async (tx) => {
      await rememberStaged(tx, 1, await staged(tx, NEW), { evenOlder: false });
      written(undefined);
      await mayCommit;
    });
    await isWritten;
    const older = test.database.transaction(async (tx) => {
      const stage = await staged(tx, OLD);
      const remembering = rememberStaged(tx, 1, stage, { evenOlder: false });
      letCommit(undefined);
      await remembering;
      return staleRecords(tx, 1, stage);
    });

    await newer;

    expect(await older).toEqual(['a']);
    expect(await remembered()).toBe(NEW);
  });

  it('is an older state where what the org says now counts', async () => {
    await test.database.transaction(async (tx) => rememberStaged(tx, 1, await staged(tx, NEW), { evenOlder: false }));

    await test.database.transaction(async (tx) => rememberStaged(tx, 1, await staged(tx, OLD), { evenOlder: true }));

    expect(await remembered()).toBe(OLD);
  });
});

describe('whether a record has changed', () => {
  it.each(['a', 'NULL', 'Null', '"', '{}', 'a,b', '\\', ' x'])('is told of one whose id is %s', async (id) => {
    const read = { id, hash: '0b'.repeat(16), stamp: NEW, values: [] };
    const before = await changedRecords(test.database, 1, [read]);
    await test.database.query(
      `INSERT INTO sluice.record (mapping_id, source_id, hash) VALUES (1, $1, $2)
       ON CONFLICT (mapping_id, source_id) DO UPDATE SET hash = EXCLUDED.hash`,
      [id, uuid('0b')],
    );

    expect(before).toEqual([0]);
    expect(await changedRecords(test.database, 1, [read])).toEqual([]);
  });
});
