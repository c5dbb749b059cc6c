import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { followMasters, lookAgain, waitAgain } from '../../src/state/fallout.ts';
import { prepareState } from '../../src/state/prepare-state.ts';
import { LOOK_AGAIN, toLookAgain } from '../../src/state/records.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const LINK = 'student.school_id';

let target: TestDatabase;

beforeAll(async () => {
  target = await createTestDatabase();
  await prepareState(target.database);
});
afterAll(() => target.drop());
beforeEach(async () => {
  await target.database.query('TRUNCATE sluice.record, sluice.waiting_link');
  await target.database.query(
    `INSERT INTO sluice.record (mapping_id, source_id, hash, row_id, holds) VALUES
       (1, 'shown', gen_random_uuid(), '7', true), (1, 'merged', gen_random_uuid(), '7', false),
       (1, 'other', gen_random_uuid(), '8', true), (2, 'shown', gen_random_uuid(), '7', true)`,
  );
});

async function waits(source: string, reference: string, linkedAt: string | null): Promise<void> {
  await target.database.query(
    `INSERT INTO sluice.waiting_link (mapping_id, link, source_id, row_id, parent_ref, linked_at)
     VALUES (1, $1, $2, '7', $3, $4)`,
    [LINK, source, reference, linkedAt],
  );
}

async function links(): Promise<string[]> {
  const { rows } = await target.database.query<{ said: string }>(
    `SELECT concat(source_id, ' ', CASE WHEN linked_at IS NULL THEN 'waits for' ELSE 'has' END, ' ', parent_ref) AS said
     FROM sluice.waiting_link ORDER BY source_id`,
  );
  return rows.map(({ said }) => said);
}

describe('the links of others, when a parent was merged into another', () => {
  it('that were written follow to the master; what still waits is of a newer state, and stays', async () => {
    await waits('shown', 'loser', '2026-01-01');
    await waits('other', 'loser', null);

    await followMasters(target.database, [{ loserId: 'loser', masterId: 'master' }]);

    expect(await links()).toEqual(['other waits for loser', 'shown has master']);
  });
});

describe('rows whose parent has gone', () => {
  it('wait for it again, where they had it; one that waits for a newer one goes on with that', async () => {
    await waits('shown', 'before', '2026-01-01');
    await waits('other', 'newer', null);

    await waitAgain(target.database, 1, LINK, [
      { sourceId: 'shown', rowId: '7', reference: 'gone' },
      { sourceId: 'other', rowId: '8', reference: 'gone' },
    ]);

    expect(await links()).toEqual(['other waits for newer', 'shown waits for gone']);
  });

  it('wait as the record that they show, where several meet in one', async () => {
    await waitAgain(target.database, 1, LINK, [{ sourceId: null, rowId: '7', reference: 'gone' }]);

    expect(await links()).toEqual(['shown waits for gone']);
  });
});

describe('records that have lost a part of what they became', () => {
  it('are looked at again: all that meet in the row, and nobody of another mapping', async () => {
    await lookAgain(target.database, 1, [{ sourceId: null, rowId: '7' }]);

    expect((await toLookAgain(target.database, 1, 10)).toSorted()).toEqual(['merged', 'shown']);
    const { rows } = await target.database.query(`SELECT mapping_id FROM sluice.record WHERE hash = ${LOOK_AGAIN}`);
    expect(rows).toEqual([{ mapping_id: 1 }, { mapping_id: 1 }]);
  });
});
