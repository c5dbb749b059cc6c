import { NO_COUNTS, NO_LINK_COUNTS } from '../../src/flow/counts.ts';
import type { RunReport, StepReport } from '../../src/flow/run-events.ts';

/** A step's report, as short as it can be. */
export function step(status: StepReport['status'], more: Partial<StepReport> = {}): StepReport {
  return {
    phase: 'people',
    mapping: 'students',
    status,
    duration_ms: 1,
    api_calls: 0,
    watermark: null,
    counts: NO_COUNTS,
    links: NO_LINK_COUNTS,
    tables: {},
    reading: null,
    warnings: {},
    quarantined: {},
    skipped: {},
    error: null,
    ...more,
  };
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
