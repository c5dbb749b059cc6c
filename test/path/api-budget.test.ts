import { describe, expect, it } from '@jest/globals';
import type { Project } from '../../src/config/project.ts';
import { EXIT } from '../../src/errors/codes.ts';
import { failureOfRun } from '../../src/cli/run-outcome.ts';
import type { RunReport } from '../../src/flow/run-events.ts';
import { openRig, type Rig } from '../support/rig.ts';

const PAGE = 250;
/** What there is of an import in the end. */
const LOADED = `SELECT c.salesforce_individual_id, c.first_name, s.current_grade FROM contact c JOIN student s ON s.id = c.id
  ORDER BY c.salesforce_individual_id`;

async function rows(rig: Rig): Promise<unknown[]> {
  return (await rig.database.query(LOADED)).rows;
}

/** Result pages that were sent, by job and place. */
function pagesOf({ org }: Rig): string[] {
  return org.requests.filter(({ path, status }) => path.endsWith('/results') && status === 200).map(({ path }) => path);
}

/** The same project, as if somebody had edited the filter of one mapping. */
function withOtherVersion(project: Project, changed: string): Project {
  const mappings = project.mappings.map((mapping) =>
    mapping.name === changed
      ? { ...mapping, version: 'edited', parts: { ...mapping.parts, filter: 'edited' } }
      : mapping,
  );
  return { ...project, mappings };
}

function withoutDeletes(project: Project): Project {
  return { ...project, mappings: project.mappings.map((mapping) => ({ ...mapping, deletes: null })) };
}

describe('an API budget that is too small for one run', () => {
  it('takes three runs, each going on where the one before has stopped, and pays for no page twice', async () => {
    const options = { students: 2_600, schools: 4, bulkPageSize: PAGE } as const;
    // The ids of all students are one page of a real org, and eleven here.
    const adjust = withoutDeletes;
    const rig = await openRig(options, { incremental: true, adjust });
    const limitless = await openRig(options, { incremental: true, adjust });
    await limitless.run({ select: ['students'] });

    const reports: RunReport[] = [];
    while (reports.length < 5 && (reports.length === 0 || reports.at(-1)?.status === 'stopped')) {
      reports.push(await rig.run({ select: ['students'] }, { budget: { perRun: { calls: 8 }, keepFree: 0 } }));
    }

    expect(reports.map(({ api_calls: calls }) => calls <= 8)).toEqual([true, true, true]);
    expect(reports.map(({ status }) => status.replace('_with_warnings', ''))).toEqual([
      'stopped',
      'stopped',
      'succeeded',
    ]);
    expect(reports.map((report) => failureOfRun(report)?.exit ?? 0)).toEqual([EXIT.apiBudget, EXIT.apiBudget, 0]);
    expect(reports[0]?.error).toMatchObject({ code: 'API_BUDGET_SPENT' });
    expect(await rows(rig)).toEqual(await rows(limitless));
    expect(pagesOf(rig)).toHaveLength(Math.ceil(2_600 / PAGE));
  }, 90_000);

  it('that does not even pay for a quiet run comes round to every import all the same', async () => {
    const rig = await openRig({ students: 30, schools: 4 }, { incremental: true });
    await rig.run();
    const ids = rig.org.records.find('Contact', (field) => field('Contact_Type__c') === 'Student');
    rig.org.records.update('Contact', ids[0] ?? '', { FirstName: 'Last' });

    const reports: RunReport[] = [];
    while (reports.length < 8 && (reports.length === 0 || reports.at(-1)?.status === 'stopped')) {
      reports.push(await rig.run(undefined, { budget: { perRun: { calls: 10 }, keepFree: 0 } }));
    }

    expect(reports.length).toBeGreaterThan(1);
    expect(reports.at(-1)?.status).toMatch(/^succeeded/);
    expect(reports.at(-1)?.steps.map(({ status }) => status)).toContain('skipped');
    expect(await rig.column(`SELECT first_name FROM contact WHERE first_name = 'Last'`)).toEqual(['Last']);
    // The next one is a whole one again.
    expect((await rig.run()).steps.map(({ status }) => status)).not.toContain('skipped');
  });

  it('does again what it has done when the mapping has changed since', async () => {
    const rig = await openRig({ students: 30, schools: 4 }, { incremental: true });
    const small = { budget: { perRun: { calls: 7 }, keepFree: 0 } } as const;
    const first = await rig.run(undefined, small);
    const done = first.steps.filter(({ status }) => status.startsWith('succeeded')).map(({ mapping }) => mapping);
    const [changed = ''] = done;

    const second = await rig.run(undefined, { ...small, adjust: (project) => withOtherVersion(project, changed) });

    expect(first.status).toBe('stopped');
    expect(done.length).toBeGreaterThan(1);
    const again = second.steps.filter(({ mapping }) => done.includes(mapping));
    expect(again.map(({ mapping, status }) => [mapping, status === 'skipped'])).toEqual(
      again.map(({ mapping }) => [mapping, mapping !== changed]),
    );
    expect(second.steps[0]?.reading?.reason).toBe('changed since the last run: filter');
  });

  it('says so when it does not do for a single reading, and what would do', async () => {
    const rig = await openRig({ students: 2_600, schools: 4 }, { incremental: true });
    await rig.run({ select: ['students'] });
    const how = { budget: { perRun: { calls: 6 }, keepFree: 0 } } as const;

    const reports: RunReport[] = [];
    while (reports.length < 5 && reports.at(-1)?.error?.code !== 'API_BUDGET_TOO_SMALL') {
      reports.push(await rig.run({ select: ['students'], fullRefresh: true }, how));
    }

    const last = reports.at(-1);
    expect(last).toMatchObject({ status: 'stopped', error: { code: 'API_BUDGET_TOO_SMALL' } });
    expect(last?.error?.message).toMatch(
      /^the 6 API calls .* one reading of students: about (?:[7-9]|1\d) are needed$/,
    );
    expect(failureOfRun(last as RunReport)?.exit).toBe(EXIT.apiBudget);
    expect(failureOfRun(last as RunReport)?.actions).toEqual([expect.stringContaining('per_run')]);
  });

  it('is told as too small for a plan at once: no plan goes on where another one has stopped', async () => {
    const rig = await openRig({ students: 30, schools: 4 });

    const plan = await rig.run(undefined, { kind: 'plan', budget: { perRun: { calls: 6 }, keepFree: 0 } });

    expect(plan).toMatchObject({ status: 'stopped', error: { code: 'API_BUDGET_TOO_SMALL' } });
    expect(plan.error?.message).toContain('the whole plan');
  });

  it('is told before anything is read, and is no error', async () => {
    const rig = await openRig();

    const report = await rig.run(undefined, { budget: { perRun: { calls: 5 }, keepFree: 0 } });

    expect(report.api_calls_allowed).toBe(5);
    expect(report.api_calls_estimated).toBeGreaterThan(5);
    expect(report).toMatchObject({ api_calls: 5, status: 'stopped', error: { code: 'API_BUDGET_SPENT' } });
  });

  it('keeps free what belongs to others, and says so', async () => {
    const rig = await openRig({ dailyApiRequests: 100 });
    rig.org.limit.used = 72;

    const report = await rig.run(undefined, { budget: { perRun: null, keepFree: 0.25 } });

    expect(report.status).toBe('stopped');
    expect(report.error?.message).toContain('75 of 100 API calls of the org are used');
    expect(rig.org.limit.used).toBe(75);
  });
});
