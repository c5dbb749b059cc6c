import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { statusText } from '../../src/cli/status-text.ts';
import { passedOver } from '../../src/engine/run-report.ts';
import type { StepStatus } from '../../src/flow/run-events.ts';
import { mappingId } from '../../src/state/mappings.ts';
import { prepareState } from '../../src/state/prepare-state.ts';
import { addToQuarantine } from '../../src/state/quarantine.ts';
import { startRun } from '../../src/state/runs.ts';
import { type PipelineStatus, pipelineStatus } from '../../src/state/status.ts';
import { finishStep, startStep } from '../../src/state/steps.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let test: TestDatabase;
let students: number;

beforeAll(async () => {
  test = await createTestDatabase();
  await prepareState(test.database);
  await test.database.query(`CREATE TABLE school (id varchar(18) PRIMARY KEY); INSERT INTO school VALUES ('001here')`);
  students = await mappingId(test.database, 'students');
});

beforeEach(() =>
  test.database.query(
    'TRUNCATE sluice.run, sluice.record, sluice.waiting_link, sluice.quarantine, sluice.deletion CASCADE',
  ),
);

afterAll(() => test.drop());

function status(): Promise<PipelineStatus> {
  return pipelineStatus(test.database, {
    top: 2,
    mappings: [
      {
        name: 'students',
        phases: ['people', 'assign-schools'],
        links: [
          {
            link: 'student.school_id',
            phase: 'assign-schools',
            giveUpAfter: 30 * 86_400,
            valueOf: (reference) => `(SELECT p.id FROM public.school p WHERE p.id = ${reference})`,
          },
        ],
      },
    ],
  });
}

async function step(phase: string, state: Exclude<StepStatus, 'planned'>, code?: string): Promise<string> {
  const runId = randomUUID();
  await startRun(test.database, { id: runId, project: 'p', command: 'run', host: 'box', pid: 1, options: {} });
  const id = await startStep(test.database, { runId, ordinal: 1, phase, mapping: 'students' });
  await finishStep(test.database, id, {
    ...passedOver(phase, 'students'),
    status: state,
    error: code === undefined ? null : { code, message: 'why', actions: [] },
  });
  return runId;
}

async function wait(parent: string, count: number, linked = false): Promise<void> {
  await test.database.query(
    `INSERT INTO sluice.waiting_link (mapping_id, link, source_id, row_id, parent_ref, linked_at)
     SELECT $1, 'student.school_id', $2 || n, n, $2, CASE WHEN $4 THEN now() END FROM generate_series(1, $3::int) n`,
    [students, parent, count, linked],
  );
}

async function gone(state: 'pending' | 'confirmed' | 'refused', count: number): Promise<void> {
  await test.database.query(
    `INSERT INTO sluice.deletion (mapping_id, source_id, reason, status, run_id)
     SELECT $1, $2 || n, 'deleted', $2, gen_random_uuid() FROM generate_series(1, $3::int) n`,
    [students, state, count],
  );
}

describe('the status', () => {
  it('of a new project is that nothing has run', async () => {
    const { mappings, recommendations } = await status();

    expect(mappings).toMatchObject([
      { mapping: 'students', records: 0, quarantined: 0, phases: [{ last: null }, { last_success: null }] },
    ]);
    expect(recommendations).toMatchObject([{ action: 'run', command: 'sluice run --select students' }]);
  });

  it('tells the last step of each phase beside the last good one', async () => {
    const good = await step('people', 'succeeded');
    const failed = await step('people', 'failed', 'ORG_UNREACHABLE');

    const { mappings, recommendations } = await status();

    expect(mappings[0]?.phases[0]).toMatchObject({
      last: { run_id: failed, status: 'failed', error: { code: 'ORG_UNREACHABLE' } },
      last_success: { run_id: good },
    });
    expect(recommendations).toMatchObject([{ action: 'mend', phase: 'people', reason: 'ORG_UNREACHABLE' }]);
  });

  it('leads to what a person has to decide where a limit has stopped a step', async () => {
    await step('people', 'stopped', 'QUARANTINE_LIMIT');

    const { recommendations } = await status();

    expect(recommendations).toMatchObject([
      { action: 'decide', reason: 'QUARANTINE_LIMIT', command: 'sluice quarantine list --select students' },
    ]);
  });

  it('counts the records whose deletion waits for somebody, and leads to them', async () => {
    await step('people', 'stopped', 'DELETES_LIMIT');
    await gone('pending', 12);

    const { mappings, recommendations } = await status();

    expect(mappings[0]).toMatchObject({ deletions: { pending: 12, confirmed: 0, refused: 0 } });
    expect(recommendations).toMatchObject([
      { action: 'decide', reason: 'DELETES_LIMIT', count: 12, command: 'sluice deletes list --select students' },
    ]);
  });

  it('leads on to a run once somebody has decided', async () => {
    await step('people', 'stopped', 'DELETES_LIMIT');
    await gone('confirmed', 12);

    const { recommendations } = await status();

    expect(recommendations).toMatchObject([
      { action: 'resume', phase: 'people', command: 'sluice run --select students --phase people' },
      { action: 'carry_out', count: 12, command: 'sluice run --select students' },
    ]);
  });

  it('names the rows that stay although their records are gone, because something refers to them', async () => {
    await step('people', 'succeeded_with_warnings');
    await gone('refused', 3);

    const { mappings, recommendations } = await status();

    expect(mappings[0]).toMatchObject({ deletions: { pending: 0, confirmed: 0, refused: 3 } });
    expect(recommendations).toMatchObject([
      { action: 'look_at_refused', count: 3, command: 'sluice deletes list --select students --status refused' },
    ]);
    expect(statusText(await status())).toContain(
      '3 records of students are gone and their rows stay, because other rows refer to them; every run tries again: ' +
        'sluice deletes list --select students --status refused',
    );
    expect(statusText(await status())).toMatch(
      /mapping +gone, to be carried out +confirmed +still referred to\nstudents +0 +0 +3/,
    );
  });

  it('groups what waits by missing parent, the most wanted first', async () => {
    await step('people', 'succeeded');
    await wait('001gone', 2);
    await wait('001lost', 5);
    await wait('001away', 1);
    await wait('001here', 3);
    await wait('001done', 4, true);

    const { mappings, recommendations } = await status();

    expect(mappings[0]?.links).toMatchObject([
      {
        link: 'student.school_id',
        phase: 'assign-schools',
        linked: 4,
        waiting: 8,
        ready: 3,
        missing_parents: 3,
        most_wanted: [
          { parent_ref: '001lost', rows: 5 },
          { parent_ref: '001gone', rows: 2 },
        ],
      },
    ]);
    expect(recommendations).toMatchObject([
      { action: 'link', count: 3, command: 'sluice run --select students --phase assign-schools' },
      { action: 'load_parents', count: 8, parents: 3, command: 'sluice pending students' },
    ]);
  });

  it('tells apart what has waited longer than the mapping wants to wait', async () => {
    await step('people', 'succeeded');
    await wait('001gone', 2);
    await wait('001ages', 3);
    await test.database.query(
      `UPDATE sluice.waiting_link SET first_seen_at = now() - interval '31 days' WHERE parent_ref = '001ages'`,
    );

    const { mappings } = await status();

    expect(mappings[0]?.links).toMatchObject([
      { waiting: 2, missing_parents: 1, given_up: 3, most_wanted: [{ parent_ref: '001gone' }] },
    ]);
  });

  it('counts what is in quarantine by code and column', async () => {
    await step('people', 'succeeded');
    const common = { column: 'contact.birthdate', field: 'Birthdate', rule: null, record: {} };
    await addToQuarantine(test.database, {
      keeping: { record: 'keep', seal: null },
      evenOlder: false,
      mappingId: students,
      runId: randomUUID(),
      rejections: [
        { ...common, sourceId: 'a', code: 'INVALID_DATE' },
        { ...common, sourceId: 'b', code: 'INVALID_DATE' },
        { ...common, sourceId: 'c', code: 'OUT_OF_RANGE' },
      ],
    });

    const { mappings, recommendations } = await status();

    expect(mappings[0]).toMatchObject({
      quarantined: 3,
      quarantine: [
        { code: 'INVALID_DATE', column: 'contact.birthdate', count: 2 },
        { code: 'OUT_OF_RANGE', count: 1 },
      ],
    });
    expect(recommendations).toMatchObject([{ action: 'look_at_quarantine', count: 3, reason: 'INVALID_DATE' }]);
  });
});
