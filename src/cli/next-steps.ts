import type { RunReport } from '../flow/run-events.ts';
import { count } from './text.ts';

/** What to do after a run, as commands to type. */
export function nextSteps(report: RunReport): string[] {
  const failed = report.steps.filter((step) => step.status === 'failed' || step.status === 'stopped');
  const quarantined = sum(report, (step) => step.counts.quarantined);
  const waiting = sum(report, (step) => step.links.waiting);
  const deferred = sum(report, (step) => step.counts.deferred);
  return [
    ...failed.flatMap((step) => (step.error?.actions ?? []).map((action) => `${step.mapping}: ${action}`)),
    ...(quarantined > 0 ? [`sluice quarantine list    the ${count(quarantined)} records put aside, and why`] : []),
    ...(waiting + deferred > 0 ? ['sluice status             which parents are missing, and who waits for them'] : []),
    ...(report.status === 'interrupted' ? ['sluice run                go on; committed work is kept'] : []),
    ...(report.status === 'planned' ? ['sluice run                do what the plan shows'] : []),
  ];
}

function sum(report: RunReport, of: (step: RunReport['steps'][number]) => number): number {
  return report.steps.reduce((total, step) => total + of(step), 0);
}
