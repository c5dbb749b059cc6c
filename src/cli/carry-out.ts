import type { App } from '../app.ts';
import type { OnEvent } from '../flow/run-events.ts';
import type { RunKind, RunRequest } from '../flow/run-request.ts';
import type { Failure } from './failure.ts';
import { planRun } from '../plan/plan-run.ts';
import { nextSteps } from './next-steps.ts';
import { afterPlan } from './plan-errors.ts';
import { explained, orderText, type PlanReport } from './plan-order.ts';
import { progress } from './progress/progress.ts';
import { failureOfRun } from './run-outcome.ts';
import { summaryText } from './run-summary.ts';

export interface CarriedOut {
  /** Of a plan, with the reasons for its order. */
  readonly report: PlanReport;
  readonly failure: Failure | null;
  readonly summary: string;
  readonly nextSteps: readonly string[];
}

const TICK_MS = 250;

/** Shows on stderr how far the work is. */
export async function withProgress<T>(work: (onEvent: OnEvent) => Promise<T>): Promise<T> {
  const { onEvent, tick } = progress({
    output: process.stderr,
    clock: () => performance.now(),
    memory: () => process.memoryUsage.rss(),
  });
  const timer = setInterval(tick, TICK_MS);
  return work(onEvent).finally(() => clearInterval(timer));
}

/** Runs or plans with progress on stderr, and puts the outcome into words. */
export async function carryOut(
  app: App,
  call: { kind: RunKind; request: RunRequest; command?: string },
): Promise<CarriedOut> {
  const ended = await withProgress((onEvent) => app.run({ ...call, onEvent }));
  const report = call.kind === 'plan' ? afterPlan(ended) : ended;
  const told = {
    report,
    failure: failureOfRun(report),
    summary: summaryText(report, call.kind),
    nextSteps: nextSteps(report, call.kind),
  };
  if (call.kind === 'run') return told;
  const plan = planRun(app.project, call.request);
  return { ...told, report: explained(report, plan), summary: `${orderText(plan)}\n${told.summary}`.trimStart() };
}
