import { describe, expect, it } from '@jest/globals';
import { failureOfRun } from '../../src/cli/run-outcome.ts';
import type { Project } from '../../src/config/project.ts';
import { ERRORS } from '../../src/errors/codes.ts';
import { unaccounted } from '../../src/flow/counts.ts';
import { openRig, step } from '../support/rig.ts';

/** The same project reading by this API, in commits of 50. */
const by =
  (api: 'bulk' | 'rest') =>
  (project: Project): Project => ({
    ...project,
    mappings: project.mappings.map((mapping) => ({
      ...mapping,
      source: { ...mapping.source, api },
      phases: mapping.phases.map((phase) => ({ ...phase, batchSize: 50, commitSize: 50 })),
    })),
  });

describe('an org that cannot be reached', () => {
  it('ends the run with 3 and its next step at the first step, and with nothing written', async () => {
    const rig = await openRig({ students: 100 });
    await rig.org.close();

    const report = await rig.run();

    expect(report.steps).toHaveLength(1);
    expect(failureOfRun(report)).toMatchObject({
      exit: 3,
      code: 'ORG_UNREACHABLE',
      actions: [ERRORS.ORG_UNREACHABLE.next],
    });
    expect(await rig.count('SELECT 1 FROM district')).toBe(0);
    expect(await rig.column('SELECT status FROM sluice.run')).toEqual(['failed']);
  });
});

describe('a NUL character', () => {
  it.each(['rest', 'bulk'] as const)(
    'is left out of its text and counted, by %s, and the record is kept',
    async (api) => {
      const rig = await openRig({ students: 100 }, { adjust: by(api) });
      const [id = ''] = rig.org.records.find('Contact', (field) => field('Contact_Type__c') === 'Student');
      rig.org.records.update('Contact', id, { LastName: 'Nul\0inside', MiddleName: '\0' });

      const report = await rig.run();

      const { counts } = step(report, 'people', 'students');
      expect(counts).toMatchObject({ read: 100, inserted: 100, quarantined: 0 });
      expect(counts.warnings).toBeGreaterThanOrEqual(2);
      expect(
        await rig.column(
          `SELECT last_name || ', ' || coalesce(middle_name, 'null') FROM contact WHERE salesforce_individual_id = '${id}'`,
        ),
      ).toEqual(['Nulinside, null']);
    },
  );
});

/** The org breaks the first value of a line: here that is not the record's id. */
function idLast(project: Project): Project {
  const mappings = project.mappings.map(({ source, ...mapping }) => {
    const others = source.fields.filter((field) => field !== 'Id');
    const soql = source.soql.replace(/SELECT [^]*?FROM/, `SELECT ${others.join(', ')}, Id FROM`);
    return { ...mapping, source: { ...source, soql } };
  });
  return { ...project, mappings };
}

describe('bytes that are not UTF-8', () => {
  const open = `SELECT 1 FROM sluice.quarantine WHERE closed_at IS NULL AND code = 'INVALID_TEXT'`;

  it('quarantine their record alone, and it loads when the org has mended it', async () => {
    const rig = await openRig({ students: 100 }, { adjust: (project) => idLast(by('bulk')(project)) });
    await rig.run({ phase: 'reference' });
    rig.org.faults.add({ fault: { kind: 'invalid-utf8', row: 60 }, path: 'results' });

    const first = await rig.run({ phase: 'people' });
    const quarantined = await rig.count(open);
    const second = await rig.run({ phase: 'people' });

    const { counts, ...students } = step(first, 'people', 'students');
    expect(students).toMatchObject({ status: 'succeeded_with_warnings', quarantined: { INVALID_TEXT: 1 } });
    expect(failureOfRun(first)).toBeNull();
    expect(counts).toMatchObject({ read: 100, inserted: 99, quarantined: 1 });
    expect(unaccounted(counts)).toBe(0);
    expect(quarantined).toBe(1);
    expect(step(second, 'people', 'students').counts).toMatchObject({ inserted: 1, unchanged: 99 });
    expect(await rig.count(open)).toBe(0);
  });

  it('quarantine a record without its id when they stand in the id', async () => {
    const rig = await openRig({ students: 100 }, { adjust: by('bulk') });
    await rig.run({ phase: 'reference' });
    rig.org.faults.add({ fault: { kind: 'invalid-utf8', row: 60 }, path: 'results' });

    const report = await rig.run({ phase: 'people' });

    expect(step(report, 'people', 'students').counts).toMatchObject({ read: 100, inserted: 99, quarantined: 1 });
    expect(await rig.column(`${open} AND source_id = ''`)).toEqual(['1']);
  });
});

describe('a spent API limit', () => {
  it('stops the run where it is with 5 and says where, and the next run does the rest', async () => {
    const rig = await openRig({ students: 300, bulkPageSize: 100 }, { adjust: by('bulk') });
    await rig.run({ phase: 'reference' });
    const spent = rig.org.faults.add({ fault: { kind: 'spent-limit' }, path: 'results', nth: 2 });

    const stopped = await rig.run({ phase: 'people' });
    const kept = await rig.count('SELECT 1 FROM student');
    spent.release();
    rig.org.limit.used = 0;
    const next = await rig.run({ phase: 'people' });

    expect(stopped.status).toBe('stopped');
    expect(failureOfRun(stopped)).toMatchObject({
      exit: 5,
      code: 'API_BUDGET_SPENT',
      message: expect.stringMatching(/^Step people students: /),
      actions: [ERRORS.API_BUDGET_SPENT.next],
    });
    expect(kept).toBe(100);
    expect(step(stopped, 'people', 'students').counts).toMatchObject({ read: 100, inserted: 100 });
    expect(step(next, 'people', 'students').counts).toMatchObject({ read: 200, inserted: 200 });
    expect(failureOfRun(next)).toBeNull();
  });
});

describe('a Bulk job that fails', () => {
  it('ends the run with 3 and the reason that the org gave; the next run loads everything', async () => {
    const rig = await openRig({ students: 100 }, { adjust: by('bulk') });
    rig.org.faults.add({
      fault: { kind: 'fail-job', message: 'InternalServerError: retried 15 times' },
      path: '/jobs/query/[^/]+$',
    });

    const failed = await rig.run();
    const next = await rig.run();

    expect(failureOfRun(failed)).toMatchObject({
      exit: 3,
      code: 'ORG_JOB_FAILED',
      message: expect.stringContaining('retried 15 times'),
      actions: [ERRORS.ORG_JOB_FAILED.next],
    });
    expect(step(next, 'people', 'students').counts.inserted).toBe(100);
  });
});

describe('a web page of a proxy', () => {
  it('in place of a result page stops the run, and what was committed stays', async () => {
    const rig = await openRig({ students: 300, bulkPageSize: 100 }, { adjust: by('bulk') });
    await rig.run({ phase: 'reference' });
    const fault = rig.org.faults.add({
      fault: { kind: 'status', status: 200, html: true },
      path: 'results',
      nth: 2,
      times: 'always',
    });

    const stopped = await rig.run({ phase: 'people' });
    fault.release();
    const next = await rig.run({ phase: 'people' });

    expect(failureOfRun(stopped)).toMatchObject({ exit: 3, code: 'ORG_UNEXPECTED_ANSWER' });
    expect(step(stopped, 'people', 'students').counts).toMatchObject({ read: 100, inserted: 100 });
    expect(step(next, 'people', 'students').counts).toMatchObject({ read: 200, inserted: 200 });
  });
});
