import { describe, expect, it } from '@jest/globals';
import type { RunEvent, RunReport } from '../../src/flow/run-events.ts';
import { openRig, type Rig } from '../support/rig.ts';

/** How far the estimate may be from what was used. */
const SHARE = 0.2;

function expectGoodEstimate({ api_calls: used, api_calls_estimated: estimated }: RunReport): void {
  expect(estimated).not.toBeNull();
  expect(Math.abs((estimated ?? 0) - used)).toBeLessThanOrEqual(used * SHARE);
}

/** Runs, and makes sure that we have counted what the org has counted. */
async function counted(rig: Rig, ...[request, how]: Parameters<Rig['run']>): Promise<RunReport> {
  const before = rig.org.limit.used;
  const report = await rig.run(request, how);
  expect(report.api_calls).toBe(rig.org.limit.used - before);
  return report;
}

describe('the API calls of a run', () => {
  it('are as estimated in the first run and in the next, and as many as the org has counted', async () => {
    const rig = await openRig({ jobPace: { pollsQueued: 0, pollsRunning: 1 } }, { incremental: true });

    const first = await counted(rig, { select: [] });
    const next = await counted(rig, { select: [] });

    expect(first.status).toMatch(/^succeeded/);
    expectGoodEstimate(first);
    expect(next.steps.filter(({ reading }) => reading?.kind === 'window')).toHaveLength(17);
    expectGoodEstimate(next);
  }, 90_000);

  it('are as estimated when everything is read again, and all ids are compared', async () => {
    const rig = await openRig({ students: 3_000, jobPace: { pollsQueued: 0, pollsRunning: 1 } }, { incremental: true });
    await rig.run();

    expectGoodEstimate(await counted(rig, { fullRefresh: true }));
    expectGoodEstimate(await counted(rig, { fullRefresh: true }));
    expect(rig.org.limit.used).toBeGreaterThan(30);
  });

  it('are as estimated in a small org that is read by REST', async () => {
    const rig = await openRig({ students: 50, schools: 3 }, { incremental: true });

    const first = await counted(rig);
    const next = await counted(rig);

    expect([first.status, next.status].every((status) => status.startsWith('succeeded'))).toBe(true);
    expectGoodEstimate(first);
    expectGoodEstimate(next);
  });

  it('are as estimated with several pages of Bulk results', async () => {
    const rig = await openRig({ students: 30_000, schools: 40 }, { incremental: true });

    const first = await counted(rig);

    expect(first.steps.find(({ mapping }) => mapping === 'students')?.counts.read).toBeGreaterThan(25_000);
    expectGoodEstimate(first);
  });

  it('are counted right when a session expires and the org is overloaded for a moment', async () => {
    const rig = await openRig({ requestsPerToken: 3 });
    rig.org.faults.add({ fault: { kind: 'status', status: 503 }, path: '/results' });
    rig.org.faults.add({ fault: { kind: 'reset', afterBytes: 10 }, path: '/results', nth: 2 });

    const report = await counted(rig);

    expect(report.status).toMatch(/^succeeded/);
  });

  it('are told before anything is read, beside what the run may make', async () => {
    const rig = await openRig();
    const events: RunEvent[] = [];

    const report = await rig.run(undefined, {
      budget: { perRun: { calls: 500 }, keepFree: 0 },
      onEvent: (event) => events.push(event),
    });

    const at = events.findIndex(({ type }) => type === 'surveyed');
    expect(events[at]).toMatchObject({ estimated: report.api_calls_estimated, allowed: 500 });
    expect(events.findIndex(({ type }) => type === 'step_started')).toBeGreaterThan(at);
    expect(report.api_calls_allowed).toBe(500);
  });

  it('are not asked for where nothing is read from the org', async () => {
    const rig = await openRig();
    await rig.run();

    const report = await counted(rig, { phase: 'assign-schools' });

    expect(report).toMatchObject({ api_calls: 0, api_calls_estimated: null, drift: [] });
  });

  it('hold one COUNT() for each mapping that asks, and one call for all descriptions', async () => {
    const rig = await openRig();

    await rig.run();

    const paths = rig.org.requests.map(({ path }) => path);
    expect(paths.filter((path) => path.endsWith('/composite/batch'))).toHaveLength(1);
    expect(paths.filter((path) => path.endsWith('/describe'))).toHaveLength(0);
  });
});
