import { addTableCounts, NO_TABLE_COUNTS } from '../flow/counts.ts';
import type { StepReport } from '../flow/run-events.ts';
import type { RunPlan } from '../plan/step.ts';
import { mappingId } from '../state/mappings.ts';
import { healLinks } from './heal-links.ts';
import type { StepDeps } from './step-deps.ts';
import { StepTally } from './step-tally.ts';

type HealDeps = Pick<StepDeps, 'scope' | 'project' | 'signal'>;

/**
 * Links the rows of earlier steps that waited for what the step that has just ended brought.
 * @param after  ordinal of that step
 * @param reports  of the steps so far, by their place
 * @returns the reports that say more now, by ordinal
 */
export async function healSteps(
  plan: RunPlan,
  after: number,
  reports: readonly StepReport[],
  deps: HealDeps,
): Promise<ReadonlyMap<number, StepReport>> {
  const healed = new Map<number, StepReport>();
  for (const heal of plan.heals.filter((one) => one.after === after)) {
    const step = plan.steps[heal.step - 1];
    const report = healed.get(heal.step) ?? reports[heal.step - 1];
    if (step === undefined || report === undefined) continue;
    const tally = new StepTally();
    const id = await mappingId(deps.scope, step.mapping.name);
    await healLinks(step.mapping, id, heal.links, { ...deps, tally });
    healed.set(heal.step, withHealed(report, tally));
  }
  return healed;
}

function withHealed(report: StepReport, { links, tables }: StepTally): StepReport {
  const all = { ...report.tables };
  for (const [name, counts] of Object.entries(tables)) all[name] = addTableCounts(all[name] ?? NO_TABLE_COUNTS, counts);
  // What is linked now no longer waits; a parent that all its rows have found is no longer missing.
  const waiting = Math.max(0, report.links.waiting - links.linked);
  const { warnings, quarantined, deferred } = report.counts;
  const isClean = report.status === 'succeeded_with_warnings' && warnings + quarantined + deferred + waiting === 0;
  return {
    ...report,
    status: isClean ? 'succeeded' : report.status,
    tables: all,
    links: {
      linked: report.links.linked + links.linked,
      waiting,
      missing_parents: waiting === 0 ? 0 : Math.min(report.links.missing_parents, links.missing_parents),
    },
  };
}
