import type { RunReport } from '../flow/run-events.ts';
import type { RunKind } from '../flow/run-request.ts';
import { counted } from './text.ts';

const WHO_WAITS = 'which parents are missing, why, and who waits for them';

/** What to do after a run or a plan, as commands to type. */
export function nextSteps(report: RunReport, kind: RunKind): string[] {
  const failed = report.steps.filter((step) => step.status === 'failed' || step.status === 'stopped');
  const quarantined = sum(report, (step) => step.counts.quarantined);
  const waiting = sum(report, (step) => step.links.waiting);
  const deferred = sum(report, (step) => step.counts.deferred);
  return [
    ...(failed.length === 0 && report.status !== 'interrupted' ? (report.error?.actions ?? []) : []),
    ...failed.flatMap(({ mapping, error }) => (error?.actions ?? []).map((action) => `${mapping}: ${action}`)),
    ...(quarantined > 0 ? [quarantineText(quarantined, kind)] : []),
    ...(waiting + deferred > 0
      ? [`sluice pending            ${kind === 'run' ? '' : 'after a run: '}${WHO_WAITS}`]
      : []),
    ...(report.status === 'interrupted' ? ['sluice run                go on; committed work is kept'] : []),
    ...(report.status === 'planned' ? ['sluice run                do what the plan shows'] : []),
  ];
}

function quarantineText(quarantined: number, kind: RunKind): string {
  if (kind === 'run') return `sluice quarantine list    the ${counted(quarantined, 'record')} put aside, and why`;
  return `sluice quarantine list    after a run: names the ${counted(quarantined, 'record')} that it puts aside`;
}

function sum(report: RunReport, of: (step: RunReport['steps'][number]) => number): number {
  return report.steps.reduce((total, step) => total + of(step), 0);
}
