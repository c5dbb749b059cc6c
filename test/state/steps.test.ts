import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Slice } from '../../src/flow/slice.ts';
import { prepareState } from '../../src/state/prepare-state.ts';
import { saveSlice, startStep } from '../../src/state/steps.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const PAGE: Slice = { kind: 'bulk_page', ordinal: 1, job: '750000000000001AAA', locator: 'one' };

let target: TestDatabase;
let step: string;

beforeAll(async () => {
  target = await createTestDatabase();
  await prepareState(target.database);
});
afterAll(() => target.drop());
beforeEach(async () => {
  const runId = randomUUID();
  await target.database.query(
    `INSERT INTO sluice.run (id, project, command, status, host, pid) VALUES ($1, 'p', 'run', 'running', 'h', 1)`,
    [runId],
  );
  step = await startStep(target.database, { runId, ordinal: 1, phase: 'people', mapping: 'students' });
});

/** @param total  known with the commit of the slice's last batch */
const commit = (records: number, total: number | null): Promise<void> =>
  saveSlice(target.database, step, PAGE, { records, counts: { read: records, inserted: records - 1 }, total });

async function saved(): Promise<unknown> {
  const { rows } = await target.database.query(
    'SELECT records, total, done, counts FROM sluice.slice WHERE step_id = $1',
    [step],
  );
  return rows;
}

describe('a page of a result', () => {
  it('is done when all of its commits are made, also where the last one is made first', async () => {
    await commit(300, 800);
    expect(await saved()).toEqual([expect.objectContaining({ done: false })]);
    await commit(300, null);
    expect(await saved()).toEqual([expect.objectContaining({ done: false })]);
    await commit(200, null);
    expect(await saved()).toEqual([expect.objectContaining({ records: 800, total: 800, done: true })]);
  });

  it('is not done as long as nobody knows how many records it has', async () => {
    await commit(300, null);
    await commit(300, null);

    expect(await saved()).toEqual([{ records: 600, total: null, done: false, counts: { read: 600, inserted: 598 } }]);
  });
});
