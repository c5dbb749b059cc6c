import { passedOver } from '../../src/engine/run-report.ts';
import type { RunReport, StepReport } from '../../src/flow/run-events.ts';

/** A step's report, as short as it can be. */
export function step(status: StepReport['status'], more: Partial<StepReport> = {}): StepReport {
  return { ...passedOver('people', 'students'), status, duration_ms: 1, ...more };
}

export function run(status: RunReport['status'], ...steps: StepReport[]): RunReport {
  return {
    run_id: 'r',
    status,
    started_at: '',
    finished_at: '',
    duration_ms: 1,
    api_calls: 0,
    api_calls_estimated: null,
    api_calls_allowed: null,
    drift: [],
    sum: { read: 0, accounted_for: 0, holds: true },
    peak_rss_bytes: 1,
    steps,
    error: null,
  };
}
