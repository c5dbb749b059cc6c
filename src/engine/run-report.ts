import type { SyncError } from '../errors/sync-error.ts';
import { addCounts, NO_COUNTS, NO_LINK_COUNTS, unaccounted } from '../flow/counts.ts';
import type { ReportedError, RunReport, RunStatus, StepReport } from '../flow/run-events.ts';
import type { RunCall } from '../flow/run-request.ts';
import type { Survey } from './survey-org.ts';
import type { StepTally } from './step-tally.ts';

export function stepStatus(tally: StepTally, error: SyncError | null, kind: RunCall['kind']): StepReport['status'] {
  if (error !== null) return statusOf(error);
  if (kind === 'plan') return 'planned';
  const { warnings, quarantined, deferred } = tally.counts;
  return warnings + quarantined + deferred + tally.links.waiting > 0 ? 'succeeded_with_warnings' : 'succeeded';
}

/** What stops a step on purpose: nothing is broken, somebody has to decide. */
const STOPPING = new Set<SyncError['code']>([
  'API_BUDGET_SPENT',
  'API_BUDGET_TOO_SMALL',
  'QUARANTINE_LIMIT',
  'DELETES_LIMIT',
]);

function statusOf(error: SyncError): RunStatus {
  if (error.code === 'RUN_INTERRUPTED') return 'interrupted';
  return STOPPING.has(error.code) ? 'stopped' : 'failed';
}

/** What `--json` shows of the whole run. */
export function reportRun(run: {
  runId: string;
  started: Date;
  finished: Date;
  steps: readonly StepReport[];
  stop: SyncError | null;
  kind: RunCall['kind'];
  survey: Survey;
  apiCalls: number;
}): RunReport {
  const { runId, started, finished, steps, stop, kind, survey, apiCalls } = run;
  return {
    run_id: runId,
    status: runStatus(steps, stop, kind),
    started_at: started.toISOString(),
    finished_at: finished.toISOString(),
    duration_ms: finished.getTime() - started.getTime(),
    api_calls: apiCalls,
    api_calls_estimated: survey.estimated,
    api_calls_allowed: survey.allowed,
    drift: survey.drift,
    sum: sumOf(steps),
    // Kilobytes on every platform, says Node's documentation of resourceUsage.
    peak_rss_bytes: process.resourceUsage().maxRSS * 1024,
    steps,
    error: stop === null ? (steps.find(({ error }) => error !== null)?.error ?? null) : reported(stop),
  };
}

function sumOf(steps: readonly StepReport[]): RunReport['sum'] {
  const all = steps.reduce((sum, { counts }) => addCounts(sum, counts), NO_COUNTS);
  const difference = unaccounted(all);
  const holds = steps.every(({ counts }) => unaccounted(counts) === 0);
  return { read: all.read, accounted_for: all.read - difference, holds };
}

function runStatus(steps: readonly StepReport[], stop: SyncError | null, kind: RunCall['kind']): RunReport['status'] {
  if (stop !== null) return statusOf(stop);
  const has = (status: StepReport['status']) => steps.some((step) => step.status === status);
  if (has('failed')) return 'failed';
  if (has('stopped')) return 'stopped';
  if (kind === 'plan') return 'planned';
  return has('succeeded_with_warnings') ? 'succeeded_with_warnings' : 'succeeded';
}

/** As much of an error as reports and the state keep. */
export function reported(error: SyncError): ReportedError {
  return { code: error.code, message: error.message, actions: error.actions };
}

/** The report of a step that this run need not do. */
export function passedOver(phase: string, mapping: string): StepReport {
  return {
    phase,
    mapping,
    status: 'skipped',
    duration_ms: 0,
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
  };
}
