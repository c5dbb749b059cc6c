import { describe, expect, it } from '@jest/globals';
import { explained, orderText } from '../../src/cli/plan-order.ts';
import type { RunReport } from '../../src/flow/run-events.ts';
import { CIRCLE, plannedTown } from './graph/drawn.ts';
import { run, step } from './reports.ts';

describe('the order in a plan', () => {
  it('says for each step what it comes after, and why', async () => {
    expect(orderText(await plannedTown())).toBe(`\
step  phase   mapping  after   because of
   1  places  towns
   2  places  houses   towns   houses.towns_id
   3  people  people
   4  people  parcels  people  parcels.people_id
                       towns   the mapping says so
   5  moving  people   houses  people.houses_id
                       people  rows read before
`);
  });

  it('says where a circle was broken, and when the link is made', async () => {
    expect(orderText(await plannedTown(CIRCLE, 'main'))).toBe(`\
step  phase  mapping  after        because of
   1  main   hens     before eggs  hens.eggs_id, linked after 2
   2  main   eggs     hens         eggs.hens_id
`);
  });

  it('is left out where there is only one step', async () => {
    expect(orderText(await plannedTown([{ name: 'hens', phases: '{ main: }' }], 'main'))).toBe('');
  });

  it('stands in the report for programs', async () => {
    const report: RunReport = run('planned', step('planned'), step('planned'));

    const { steps } = explained(report, await plannedTown(CIRCLE, 'main'));

    expect(steps.map(({ because }) => because)).toEqual([
      [{ phase: 'main', mapping: 'eggs', reason: 'link', link: 'hens.eggs_id', later: true }],
      [{ phase: 'main', mapping: 'hens', reason: 'link', link: 'eggs.hens_id', later: false }],
    ]);
  });
});
