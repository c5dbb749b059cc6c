import type { DriftNote } from './drift-note.ts';
import type { ColumnChange, Counts, LinkCounts, TableCounts } from './counts.ts';

export type RunStatus = 'succeeded' | 'succeeded_with_warnings' | 'failed' | 'stopped' | 'interrupted';

export type StepStatus = RunStatus | 'skipped' | 'planned';

/** One step of a finished run or plan, as `--json` shows it. */
export interface StepReport {
  readonly phase: string;
  readonly mapping: string;
  readonly status: StepStatus;
  readonly duration_ms: number;
  readonly api_calls: number;
  readonly watermark: string | null;
  readonly counts: Counts;
  readonly links: LinkCounts;
  readonly tables: Readonly<Record<string, TableCounts>>;
  /** What was read, and why; null for a step that only links. */
  readonly reading: ReadingReport | null;
  /** How often each warning was given, by `CODE table.column`. */
  readonly warnings: Readonly<Record<string, number>>;
  /** How many records were quarantined, by `CODE table.column`. */
  readonly quarantined: Readonly<Record<string, number>>;
  /** How many records were left out, by the reason that the YAML gives. */
  readonly skipped: Readonly<Record<string, number>>;
  /** In a plan: by `table.column`, what rows that are there would change. */
  readonly changes?: Readonly<Record<string, ColumnChange>>;
  readonly error: ReportedError | null;
}

/**
 * - `full`: everything that the mapping means.
 * - `window`: what has changed in `[from, to)`.
 * - `only`: the records that were asked for.
 */
export interface ReadingReport {
  readonly kind: 'full' | 'window' | 'only';
  /** In words, for a person: why this and not another. */
  readonly reason: string;
  /** ISO 8601; null where it has no such end. */
  readonly from: string | null;
  readonly to: string | null;
  /** Bulk job of an earlier run that was read on; null for none. */
  readonly resumed_job: string | null;
}

export interface ReportedError {
  readonly code: string;
  readonly message: string;
  readonly actions: readonly string[];
}

export interface RunReport {
  readonly run_id: string;
  readonly status: RunStatus | 'planned';
  readonly started_at: string;
  readonly finished_at: string;
  readonly duration_ms: number;
  readonly api_calls: number;
  /** API calls that were expected before anything was read; null when nobody could tell. */
  readonly api_calls_estimated: number | null;
  /** API calls that the run may make by its budget and the org's quota; null when nothing limits them. */
  readonly api_calls_allowed: number | null;
  /** What has changed about the org since the last run, and what mappings need that is not there. */
  readonly drift: readonly DriftNote[];
  readonly peak_rss_bytes: number;
  /** The first promise over all steps: records read, and those that are accounted for. */
  readonly sum: { readonly read: number; readonly accounted_for: number; readonly holds: boolean };
  readonly steps: readonly StepReport[];
  readonly error: ReportedError | null;
}

/** What a run tells while it works; whoever shows progress listens. Numbers are totals of the step so far. */
export type RunEvent =
  | {
      readonly type: 'run_started';
      readonly runId: string;
      readonly steps: readonly { phase: string; mapping: string }[];
    }
  | {
      /** The org was looked at; nothing has been read yet. API calls of the whole run. */
      readonly type: 'surveyed';
      readonly estimated: number;
      readonly allowed: number | null;
      readonly drift: readonly DriftNote[];
    }
  | {
      readonly type: 'step_started';
      readonly step: number;
      readonly phase: string;
      readonly mapping: string;
      /** Records to come, where the org or the state has told; null when unknown. */
      readonly expected: number | null;
    }
  | { readonly type: 'step_progress'; readonly step: number; readonly counts: Counts; readonly expected: number | null }
  | { readonly type: 'step_finished'; readonly step: number; readonly report: StepReport }
  | { readonly type: 'retry'; readonly what: string; readonly code: string; readonly waitMs: number }
  | { readonly type: 'run_finished'; readonly report: RunReport };

export type OnEvent = (event: RunEvent) => void;
