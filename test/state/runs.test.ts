import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { NO_COUNTS, NO_LINK_COUNTS } from '../../src/flow/counts.ts';
import type { RunReport, StepReport } from '../../src/flow/run-events.ts';
import { addEvent, listEvents } from '../../src/state/events.ts';
import { prepareState } from '../../src/state/prepare-state.ts';
import { finishRun, getRun, listRuns, markOrphans, startRun } from '../../src/state/runs.ts';
import { finishStep, listSteps, saveSlice, startStep } from '../../src/state/steps.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  await prepareState(test.database);
});

beforeEach(() => test.database.query('TRUNCATE sluice.run CASCADE'));

afterAll(() => test.drop());

async function begin(project = 'school-data'): Promise<string> {
  const id = randomUUID();
  await startRun(test.database, { id, project, command: 'run', host: 'box', pid: 42, options: { limit: 7 } });
  return id;
}

const STEP: StepReport = {
  phase: 'people',
  mapping: 'students',
  status: 'succeeded_with_warnings',
  duration_ms: 1500,
  api_calls: 3,
  watermark: '2026-01-02T03:04:05.000Z',
  counts: { ...NO_COUNTS, read: 10, inserted: 9, quarantined: 1, warnings: 2 },
  links: { ...NO_LINK_COUNTS, waiting: 4, missing_parents: 1 },
  tables: { contact: { inserted: 9, updated: 0, unchanged: 0, deleted: 0 } },
  reading: { kind: 'window', reason: 'as usual', from: '2026-01-02T02:00:00.000Z', to: null, resumed_job: null },
  warnings: { 'VALUE_TOO_LONG contact.description': 2 },
  quarantined: { 'INVALID_DATE contact.birthdate': 1 },
  skipped: { lead: 3 },
  error: null,
};

function report(id: string, changes: Partial<RunReport> = {}): RunReport {
  return {
    run_id: id,
    status: 'succeeded',
    started_at: '',
    finished_at: '',
    duration_ms: 2000,
    api_calls: 5,
    api_calls_estimated: null,
    api_calls_allowed: null,
    drift: [],
    sum: { read: 0, accounted_for: 0, holds: true },
    peak_rss_bytes: 3_000_000_000,
    steps: [],
    error: null,
    ...changes,
  };
}

describe('a run', () => {
  it('is kept with everything that its report says', async () => {
    const id = await begin();
    const step = await startStep(test.database, { runId: id, ordinal: 1, phase: 'people', mapping: 'students' });
    await finishStep(test.database, step, STEP);
    await finishRun(test.database, report(id));

    expect(await getRun(test.database, id)).toMatchObject({
      run_id: id,
      project: 'school-data',
      command: 'run',
      status: 'succeeded',
      duration_ms: 2000,
      api_calls: 5,
      peak_rss_bytes: 3_000_000_000,
      options: { limit: 7 },
      error: null,
      steps: [STEP],
    });
  });

  it('keeps why it failed', async () => {
    const id = await begin();
    const error = { code: 'ORG_UNREACHABLE', message: 'no answer', actions: ['Check the network.'] };
    await finishRun(test.database, report(id, { status: 'failed', error }));

    expect(await getRun(test.database, id)).toMatchObject({ status: 'failed', error });
  });

  it('can be looked at while it is at work', async () => {
    const id = await begin();
    await startStep(test.database, { runId: id, ordinal: 1, phase: 'people', mapping: 'students' });

    expect(await getRun(test.database, id)).toMatchObject({
      status: 'running',
      finished_at: null,
      duration_ms: null,
      steps: [{ mapping: 'students', status: 'running', counts: NO_COUNTS }],
    });
  });

  it('is found by the first characters of its id', async () => {
    const id = await begin();

    expect((await getRun(test.database, id.slice(0, 8).toUpperCase())).run_id).toBe(id);
  });

  it('tells again what it has found changed about the org, and what it was thought to cost', async () => {
    const id = await begin();
    const drift = [
      { object: 'Contact', field: 'Title', kind: 'shortened', severity: 'warning', mappings: ['students'] },
    ];
    await addEvent(test.database, { runId: id, kind: 'surveyed', data: { estimated: 17, allowed: null, drift } });

    expect(await getRun(test.database, id)).toMatchObject({ api_calls_estimated: 17, drift });
  });

  it('is not found when there is none, or when more than one fits', async () => {
    await begin();
    await begin();

    await expect(getRun(test.database, 'zzz')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(getRun(test.database, '')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('stands in the list of its project, newest first', async () => {
    const first = await begin();
    const second = await begin();
    await begin('another');

    const runs = await listRuns(test.database, { project: 'school-data', limit: 10 });
    const latest = await listRuns(test.database, { project: 'school-data', limit: 1 });

    expect(runs.map((run) => run.run_id)).toEqual([second, first]);
    expect(latest.map((run) => run.run_id)).toEqual([second]);
  });
});

describe('a run whose process died', () => {
  it('becomes interrupted, with its open steps, at the time of its last commit', async () => {
    const dead = await begin();
    const other = await begin('another');
    const step = await startStep(test.database, { runId: dead, ordinal: 1, phase: 'people', mapping: 'students' });
    await saveSlice(test.database, step, SLICE, { records: 1, counts: { read: 1 }, total: null });

    expect(await markOrphans(test.database, 'school-data')).toEqual([dead]);

    const { rows } = await test.database.query<{ same: boolean }>(
      `SELECT r.finished_at = s.updated_at AS same FROM sluice.run r, sluice.slice s WHERE r.id = $1`,
      [dead],
    );
    expect(rows).toEqual([{ same: true }]);
    expect(await getRun(test.database, dead)).toMatchObject({
      status: 'interrupted',
      steps: [{ status: 'interrupted' }],
    });
    expect(await getRun(test.database, other)).toMatchObject({ status: 'running' });
  });

  it('says so, and keeps what is known of it: when its last step ended, and the calls of its steps', async () => {
    const dead = await begin();
    const step = await startStep(test.database, { runId: dead, ordinal: 1, phase: 'people', mapping: 'students' });
    await finishStep(test.database, step, STEP);

    await markOrphans(test.database, 'school-data');

    const stored = await getRun(test.database, dead);
    expect(stored).toMatchObject({
      api_calls: 3,
      error: { code: 'RUN_INTERRUPTED', message: 'The process ended before the run did: killed, or a restart.' },
      steps: [{ status: 'succeeded_with_warnings' }],
    });
    expect(stored.duration_ms).toBeGreaterThanOrEqual(1_500);
  });

  it('is nothing to a run that has ended', async () => {
    await finishRun(test.database, report(await begin()));

    expect(await markOrphans(test.database, 'school-data')).toEqual([]);
  });
});

const SLICE = { kind: 'bulk_page', ordinal: 1, job: '750x', locator: 'abc' } as const;

describe('a slice', () => {
  it('adds up its commits', async () => {
    const step = await startStep(test.database, { runId: await begin(), ordinal: 1, phase: 'people', mapping: 'm' });
    await saveSlice(test.database, step, SLICE, { records: 10, counts: { read: 10, inserted: 10 }, total: null });
    await saveSlice(test.database, step, SLICE, { records: 5, counts: { read: 5, updated: 5 }, total: 15 });

    const { rows } = await test.database.query('SELECT job, locator, records, done, counts FROM sluice.slice');
    expect(rows).toEqual([
      { job: '750x', locator: 'abc', records: 15, done: true, counts: { read: 15, inserted: 10, updated: 5 } },
    ]);
  });

  it('is not there when its commit was rolled back', async () => {
    const step = await startStep(test.database, { runId: await begin(), ordinal: 1, phase: 'people', mapping: 'm' });

    const commit = test.database.transaction(async (tx) => {
      await saveSlice(tx, step, SLICE, { records: 10, counts: {}, total: null });
      throw new Error('no');
    });

    await expect(commit).rejects.toThrow('no');
    expect((await test.database.query('SELECT 1 FROM sluice.slice')).rows).toEqual([]);
  });
});

describe('steps', () => {
  it('come in the order of the run', async () => {
    const run = await begin();
    await startStep(test.database, { runId: run, ordinal: 2, phase: 'assign-schools', mapping: 'students' });
    await startStep(test.database, { runId: run, ordinal: 1, phase: 'people', mapping: 'students' });

    expect((await listSteps(test.database, run)).map(({ phase }) => phase)).toEqual(['people', 'assign-schools']);
  });
});

describe('events', () => {
  it('are kept in order with their data', async () => {
    const run = await begin();
    await addEvent(test.database, { runId: run, kind: 'retry', data: { code: 'ORG_UNREACHABLE', wait_ms: 500 } });
    await addEvent(test.database, { runId: run, kind: 'limit', data: {} });

    expect(await listEvents(test.database, run)).toMatchObject([
      { kind: 'retry', data: { code: 'ORG_UNREACHABLE', wait_ms: 500 } },
      { kind: 'limit', data: {} },
    ]);
  });
});
