import type { App } from '../app.ts';
import type { RunReport } from '../flow/run-events.ts';
import type { RunKind, RunRequest } from '../flow/run-request.ts';
import type { Failure } from './failure.ts';
import { nextSteps } from './next-steps.ts';
import { progress } from './progress/progress.ts';
import { failureOfRun } from './run-outcome.ts';
import { summaryText } from './run-summary.ts';

export interface CarriedOut {
  readonly report: RunReport;
  readonly failure: Failure | null;
  readonly summary: string;
  readonly nextSteps: readonly string[];
}

const TICK_MS = 250;

/** Runs or plans with progress on stderr, and puts the outcome into words. */
export async function carryOut(app: App, call: { kind: RunKind; request: RunRequest }): Promise<CarriedOut> {
  const { onEvent, tick } = progress({
    output: process.stderr,
    clock: () => performance.now(),
    memory: () => process.memoryUsage.rss(),
  });
  const timer = setInterval(tick, TICK_MS);
  const report = await app.run({ ...call, onEvent }).finally(() => clearInterval(timer));
  return { report, failure: failureOfRun(report), summary: summaryText(report), nextSteps: nextSteps(report) };
}
