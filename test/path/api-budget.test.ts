import { describe, expect, it } from '@jest/globals';
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

describe('an API budget that is too small for one run', () => {
  it('takes three runs, each going on where the one before has stopped, and pays for no page twice', async () => {
    const options = { students: 2_600, schools: 4, bulkPageSize: PAGE } as const;
    const rig = await openRig(options, { incremental: true });
    const limitless = await openRig(options, { incremental: true });
    await limitless.run({ select: ['students'] });

    const reports: RunReport[] = [];
    while (reports.length < 5 && (reports.length === 0 || reports.at(-1)?.status === 'stopped')) {
      reports.push(await rig.run({ select: ['students'] }, { budget: { perRun: { calls: 10 }, keepFree: 0 } }));
    }

    expect(reports.map(({ api_calls: calls }) => calls <= 10)).toEqual([true, true, true]);
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
