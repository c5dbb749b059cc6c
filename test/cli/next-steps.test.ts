import { describe, expect, it } from '@jest/globals';
import { nextSteps } from '../../src/cli/next-steps.ts';
import { afterPlan } from '../../src/cli/plan-errors.ts';
import { NO_COUNTS, NO_LINK_COUNTS } from '../../src/flow/counts.ts';
import { run, step } from './reports.ts';

const limit = {
  code: 'QUARANTINE_LIMIT',
  message: 'students: 9 of 10 records were quarantined.',
  actions: ['Look at `sluice quarantine list`.'],
};
const stopped = step('stopped', { counts: { ...NO_COUNTS, read: 10, quarantined: 9 }, error: limit });

describe('what to do next', () => {
  it('is to look at the quarantine after a run', () => {
    expect(nextSteps(run('stopped', stopped), 'run')).toEqual([
      'students: Look at `sluice quarantine list`.',
      'sluice quarantine list    the 9 records put aside, and why',
    ]);
  });

  it('is not to look there after a plan, which keeps nothing', () => {
    expect(nextSteps(afterPlan(run('stopped', stopped)), 'plan')).toEqual([
      'students: A run would stop here: too many records fail. The remarks above name the columns.',
      'sluice quarantine list    after a run: names the 9 records that it puts aside',
    ]);
  });

  it('is not to look for the list of what is gone after a plan, which keeps none', () => {
    const brake = { code: 'DELETES_LIMIT', message: '31 of 2000 are gone.', actions: ['`sluice deletes confirm`'] };
    const report = run('stopped', step('stopped', { error: brake }));

    expect(nextSteps(report, 'run')).toEqual(['students: `sluice deletes confirm`']);
    expect(nextSteps(afterPlan(report), 'plan')).toEqual([
      'students: A run would stop here: it keeps the list of what is gone, and `sluice deletes list` shows it before you decide.',
    ]);
  });

  it('is to ask who waits, after a plan when a run has noted it', () => {
    const waiting = step('succeeded', { links: { ...NO_LINK_COUNTS, waiting: 3, missing_parents: 1 } });

    expect(nextSteps(run('succeeded', waiting), 'run')).toEqual([
      'sluice pending            which parents are missing, why, and who waits for them',
    ]);
    expect(nextSteps(run('planned', waiting), 'plan')).toEqual([
      'sluice pending            after a run: which parents are missing, why, and who waits for them',
      'sluice run                do what the plan shows',
    ]);
  });
});
