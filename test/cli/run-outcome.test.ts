import { describe, expect, it } from '@jest/globals';
import { failureOfRun } from '../../src/cli/run-outcome.ts';
import { NO_COUNTS } from '../../src/flow/counts.ts';
import type { StepReport } from '../../src/flow/run-events.ts';
import { run, step } from './reports.ts';

function ended(status: StepReport['status'], code: string | null = null, read = 0): StepReport {
  const error = code === null ? null : { code, message: 'what happened', actions: ['what to do'] };
  return step(status, { counts: { ...NO_COUNTS, read }, error });
}

describe('how the shell hears of a run', () => {
  it.each(['succeeded', 'succeeded_with_warnings', 'planned'] as const)('%s is no failure', (status) => {
    expect(failureOfRun(run(status, ended('succeeded')))).toBeNull();
  });

  it('a failed step ends with 1, and its code, message and next step are told', () => {
    expect(failureOfRun(run('failed', ended('succeeded', null, 5), ended('failed', 'ORG_FIELD_MISSING')))).toEqual({
      exit: 1,
      code: 'ORG_FIELD_MISSING',
      message: 'Step people students: what happened',
      actions: ['what to do'],
      details: null,
      place: [],
    });
  });

  it.each([
    ['a limit that was passed', 'QUARANTINE_LIMIT', 1],
    ['the org or the network', 'ORG_UNREACHABLE', 3],
    ['a lost database', 'DATABASE_LOST', 3],
    ['the API budget', 'API_BUDGET_SPENT', 5],
    ['a code that nobody knows', 'SOMETHING_NEW', 1],
  ])('%s decides the exit code', (_, code, exit) => {
    expect(failureOfRun(run('stopped', ended('stopped', code, 10)))?.exit).toBe(exit);
  });

  it('a wrong configuration ends with 2 only when nothing was run', () => {
    expect(failureOfRun(run('failed', ended('failed', 'ORG_OBJECT_MISSING')))?.exit).toBe(2);
    expect(failureOfRun(run('failed', ended('succeeded', null, 1), ended('failed', 'ORG_OBJECT_MISSING')))?.exit).toBe(
      1,
    );
  });

  it('a record that ended nowhere is a failure, whatever the steps say', () => {
    const sum = { read: 10, accounted_for: 9, holds: false };

    expect(failureOfRun({ ...run('succeeded', ended('succeeded')), sum })).toMatchObject({
      exit: 1,
      code: 'INTERNAL',
      message: 'Of 10 records that were read, 9 are accounted for.',
    });
  });

  it('an interrupted run ends with 130', () => {
    expect(failureOfRun(run('interrupted', ended('interrupted', 'RUN_INTERRUPTED')))).toMatchObject({
      exit: 130,
      code: 'RUN_INTERRUPTED',
    });
  });
});
