import { beforeAll, describe, expect, it } from '@jest/globals';
import { retryRequest, unfinishedMappings } from '../../src/cli/retry-request.ts';
import type { Project } from '../../src/config/project.ts';
import { passedOver } from '../../src/engine/run-report.ts';
import type { StoredRun } from '../../src/state/runs.ts';
import type { StoredStep } from '../../src/state/steps.ts';
import { repositoryProject } from '../support/project.ts';

let project: Project;
beforeAll(async () => {
  project = await repositoryProject();
});

function ran(steps: Readonly<Record<string, StoredStep['status']>>, options: object = {}): StoredRun {
  return {
    run_id: '0b0b0b0b',
    project: 'school-data',
    command: 'run',
    status: 'failed',
    started_at: '2026-01-01T00:00:00.000Z',
    finished_at: null,
    duration_ms: null,
    host: 'here',
    pid: 1,
    api_calls: 0,
    peak_rss_bytes: 0,
    error: null,
    api_calls_estimated: null,
    drift: [],
    options: { select: ['districts', 'schools', 'students'], exclude: [], phase: null, ...options },
    steps: Object.entries(steps).map(([place, status]) => {
      const [phase = '', mapping = ''] = place.split(' ');
      return { ...passedOver(phase, mapping), status };
    }),
  };
}

const ALL = {
  'reference districts': 'succeeded',
  'reference schools': 'succeeded_with_warnings',
  'people students': 'succeeded',
  'assign-schools students': 'succeeded',
} as const;

describe('what is retried of a run', () => {
  it('is nothing when all of it has succeeded', () => {
    expect(retryRequest(project, ran(ALL))).toBeNull();
  });

  it.each(['failed', 'stopped', 'interrupted', 'running'] as const)('is a step that is %s, in its phase', (status) => {
    const request = retryRequest(project, ran({ ...ALL, 'people students': status }));

    expect(request).toMatchObject({ select: ['students'], phase: 'people', only: null });
  });

  it('is what was never begun because the run had ended', () => {
    const request = retryRequest(project, ran({ 'reference districts': 'failed' }));

    expect(request).toMatchObject({ select: ['districts', 'schools', 'students'], phase: null });
  });

  it('is asked for as the run was', () => {
    const options = { fullRefresh: true, limit: 50, since: '2026-01-01T00:00:00Z', phase: 'people' };

    expect(retryRequest(project, ran({}, options))).toMatchObject({ ...options, select: ['students'], until: null });
  });

  it('is told by mapping for a redrive', () => {
    expect(
      unfinishedMappings(ran({ ...ALL, 'people students': 'failed', 'assign-schools students': 'failed' })),
    ).toEqual(['students']);
  });
});
