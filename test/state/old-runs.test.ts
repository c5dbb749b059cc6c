import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addEvent, listEvents } from '../../src/state/events.ts';
import { mappingId } from '../../src/state/mappings.ts';
import { forgetRuns, isFirstOfDay, oldRuns } from '../../src/state/old-runs.ts';
import { prepareState } from '../../src/state/prepare-state.ts';
import { startRun } from '../../src/state/runs.ts';
import { saveSlice, startStep } from '../../src/state/steps.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const DAY = 86_400;

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  await prepareState(test.database);
});

beforeEach(() =>
  test.database.query('TRUNCATE sluice.run, sluice.quarantine, sluice.deletion, sluice.mapping CASCADE'),
);

afterAll(() => test.drop());

interface Past {
  /** Days since it began. */
  readonly age: number;
  readonly status?: string;
  readonly mapping?: string;
  readonly kind?: string;
  readonly limit?: number;
  readonly project?: string;
}

/** A run with one step, as long ago as that. */
async function ran({ age, status = 'succeeded', mapping = 'students', kind = 'window', limit, project }: Past) {
  const id = randomUUID();
  const options = { limit: limit ?? null };
  await startRun(test.database, {
    id,
    project: project ?? 'school-data',
    command: 'run',
    host: 'box',
    pid: 1,
    options,
  });
  const step = { runId: id, ordinal: 1, phase: 'people', mapping, version: 'v1' };
  const stepId = await startStep(test.database, step);
  await test.database.query(
    `UPDATE sluice.run SET status = $2, started_at = now() - $3 * interval '1 day' WHERE id = $1`,
    [id, status, age],
  );
  await test.database.query(
    `UPDATE sluice.step SET status = $2, started_at = now() - $3 * interval '1 day',
       reading = jsonb_build_object('kind', $4::text) WHERE id = $1`,
    [stepId, status, age, kind],
  );
  return { id, stepId };
}

const old = (keepDays = 90) =>
  oldRuns(test.database, { project: 'school-data', keepSeconds: keepDays * DAY, most: 1_000 });

describe('runs that are old', () => {
  it('are those that began before the time that runs are kept, the oldest first', async () => {
    const two = await ran({ age: 100 });
    const one = await ran({ age: 200 });
    await ran({ age: 80 });

    expect(await old()).toEqual([one.id, two.id]);
    expect(await old(365)).toEqual([]);
  });

  it('are never the last of a mapping, nor its last that ended well, nor its last that read everything', async () => {
    await ran({ age: 300, kind: 'full' });
    const gone = await ran({ age: 250 });
    await ran({ age: 200 });
    await ran({ age: 150, status: 'failed' });
    await ran({ age: 400, mapping: 'teachers', kind: 'full' });
    const tried = await ran({ age: 350, mapping: 'teachers', kind: 'full', limit: 5 });
    await ran({ age: 340, mapping: 'teachers' });

    expect((await old()).toSorted()).toEqual([gone.id, tried.id].toSorted());
  });

  it('are not those that something open refers to', async () => {
    const mapping = await mappingId(test.database, 'students');
    const [quarantined, closed, noticed, done, kept, free] = [
      await ran({ age: 200 }),
      await ran({ age: 199 }),
      await ran({ age: 198 }),
      await ran({ age: 197 }),
      await ran({ age: 196 }),
      await ran({ age: 195 }),
    ];
    await ran({ age: 1 });
    const entry = `INSERT INTO sluice.quarantine (mapping_id, source_id, code, record_hash, first_run_id, last_run_id, closed_at)
      VALUES ($1, $2, 'X', gen_random_uuid(), $3, $3, $4)`;
    await test.database.query(entry, [mapping, 'a', quarantined.id, null]);
    await test.database.query(entry, [mapping, 'b', closed.id, new Date()]);
    const deletion = `INSERT INTO sluice.deletion (mapping_id, source_id, reason, run_id, status)
      VALUES ($1, $2, 'deleted', $3, $4)`;
    await test.database.query(deletion, [mapping, 'c', noticed.id, 'pending']);
    await test.database.query(deletion, [mapping, 'd', done.id, 'done']);
    await test.database.query('UPDATE sluice.run SET keeps_history = true WHERE id = $1', [kept.id]);

    expect(await old()).toEqual([closed.id, done.id, free.id]);
  });

  it('are not those with a Bulk job that can still be gone on with', async () => {
    await ran({ age: 5, status: 'interrupted' });
    await ran({ age: 1 });

    expect(await old(2)).toEqual([]);
  });

  it('are not a revert as long as the run is there that it has undone', async () => {
    const undone = await ran({ age: 200 });
    const revert = await ran({ age: 199 });
    await ran({ age: 1 });
    await test.database.query('UPDATE sluice.run SET reverted_by = $2 WHERE id = $1', [undone.id, revert.id]);

    expect(await old()).toEqual([undone.id]);

    await forgetRuns(test.database, [undone.id]);
    expect(await old()).toEqual([revert.id]);
  });

  it('are of this project alone, but also under the names that it had before', async () => {
    const before = await ran({ age: 200, project: 'pupils' });
    await ran({ age: 200, project: 'trips' });
    await ran({ age: 1 });
    await test.database.query(
      `INSERT INTO sluice.mapping (name, project, former_projects) VALUES ('students', 'school-data', '{pupils}')`,
    );

    expect(await old()).toEqual([before.id]);
  });

  it('are not runs that are still at work', async () => {
    await ran({ age: 200, status: 'running' });
    await ran({ age: 1 });

    expect(await old()).toEqual([]);
  });

  it('go with their steps, slices and events, and nothing of the others', async () => {
    const slice = { kind: 'ids', ordinal: 1, job: null, locator: null } as const;
    const progress = { records: 1, counts: {}, total: 1 };
    const [gone, stays] = [await ran({ age: 200 }), await ran({ age: 1 })];
    for (const { id, stepId } of [gone, stays]) {
      await saveSlice(test.database, stepId, slice, progress);
      await addEvent(test.database, { runId: id, kind: 'run_finished', data: {} });
    }

    await forgetRuns(test.database, await old());

    const { rows } = await test.database.query('SELECT step_id::text FROM sluice.slice');
    expect(rows).toEqual([{ step_id: stays.stepId }]);
    expect(await listEvents(test.database, gone.id)).toEqual([]);
    expect(await listEvents(test.database, stays.id)).toHaveLength(1);
  });
});

describe('the first run of a day', () => {
  it('is the one before which none of its project began since midnight', async () => {
    await ran({ age: 2 });
    await ran({ age: 0, project: 'trips' });
    const first = await ran({ age: 0 });

    expect(await isFirstOfDay(test.database, 'school-data', first.id)).toBe(true);

    const second = await ran({ age: 0 });
    expect(await isFirstOfDay(test.database, 'school-data', second.id)).toBe(false);
  });
});
