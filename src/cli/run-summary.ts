import { addCounts, addTableCounts, NO_COUNTS, NO_TABLE_COUNTS, unaccounted } from '../flow/counts.ts';
import type { TableCounts } from '../flow/counts.ts';
import type { ReadingReport, ReportedError, StepReport } from '../flow/run-events.ts';
import type { RunKind } from '../flow/run-request.ts';
import type { DriftNote } from '../flow/drift-note.ts';
import { sumText } from './progress/step-text.ts';
import { driftLine } from './progress/survey-text.ts';
import { type Cell, tableText } from './rows.ts';
import { errorsText } from './run-errors.ts';
import { count, counted, duration, instant, megabytes, rate } from './text.ts';

/** A run report, or what the state keeps of one that may still be at work. */
export interface SummaryRun {
  readonly run_id: string;
  readonly status: string;
  readonly duration_ms: number | null;
  readonly api_calls: number;
  /** Not kept by the state. */
  readonly api_calls_estimated?: number | null;
  readonly drift?: readonly DriftNote[];
  readonly peak_rss_bytes: number;
  readonly steps: readonly SummaryStep[];
  readonly error: ReportedError | null;
}

type SummaryStep = Omit<StepReport, 'status'> & { readonly status: string };

/** A finished run or plan as a person reads it: a line a step, the sum, and what happened in each table. */
export function summaryText(report: SummaryRun, kind: RunKind = 'run'): string {
  const parts = [
    headline(report, kind),
    driftText(report),
    stepTable(report.steps),
    readings(report.steps),
    accounting(report.steps),
    rowsTable(report.steps),
  ];
  const remarks = [columnChanges(report.steps), troubles(report.steps), errorsText(report)];
  return [...parts, ...remarks].filter((part) => part !== '').join('\n');
}

function headline(report: SummaryRun, kind: RunKind): string {
  const what = kind === 'plan' ? 'Plan' : 'Run';
  const calls = report.api_calls === 1 ? '1 API call' : `${count(report.api_calls)} API calls`;
  const words = report.status.replaceAll('_', ' ');
  const time = report.duration_ms === null ? 'not finished' : duration(report.duration_ms);
  const memory = report.peak_rss_bytes === 0 ? '' : `, memory at most ${megabytes(report.peak_rss_bytes)}`;
  return `${what} ${report.run_id}: ${words}, ${time}, ${calls}${expectedText(report)}${memory}\n`;
}

/** How good the estimate was. */
function expectedText({ api_calls_estimated: estimated = null }: SummaryRun): string {
  return estimated === null ? '' : ` (about ${count(estimated)} expected)`;
}

/** What has changed about the org: of its fields, and for whom. */
function driftText({ drift = [] }: SummaryRun): string {
  return drift.map((note) => `${driftLine(note)}\n`).join('');
}

/** Columns that are shown always, and those that are shown where there is something to show. */
const ALWAYS = new Set(['read', 'inserted', 'updated', 'unchanged', 'quarantined']);
const NUMBERS: Readonly<Record<string, (step: SummaryStep) => number>> = {
  read: ({ counts }) => counts.read,
  inserted: ({ counts }) => counts.inserted,
  updated: ({ counts }) => counts.updated,
  unchanged: ({ counts }) => counts.unchanged,
  deferred: ({ counts }) => counts.deferred,
  quarantined: ({ counts }) => counts.quarantined,
  skipped: ({ counts }) => counts.skipped,
  deleted: ({ counts }) => counts.deleted,
  warnings: ({ counts }) => counts.warnings,
  linked: ({ links }) => links.linked,
  waiting: ({ links }) => links.waiting,
};

function stepTable(steps: readonly SummaryStep[]): string {
  if (steps.length === 0) return 'No step was begun.\n';
  const numbers = Object.entries(NUMBERS).filter(
    ([name, number]) => ALWAYS.has(name) || steps.some((step) => number(step) > 0),
  );
  const headings = ['phase', 'mapping', ...numbers.map(([name]) => name), 'time', 'rate', 'status'];
  const rows = steps.map((step): Cell[] => [
    step.phase,
    step.mapping,
    ...numbers.map(([, number]) => number(step)),
    duration(step.duration_ms),
    rate(step.counts.read, step.duration_ms),
    step.status.replaceAll('_', ' '),
  ]);
  const time = sumOf(steps, (step) => step.duration_ms);
  const total: Cell[] = [
    'total',
    counted(steps.length, 'step'),
    ...numbers.map(([, number]) => sumOf(steps, number)),
    duration(time),
    rate(
      sumOf(steps, ({ counts }) => counts.read),
      time,
    ),
    '',
  ];
  return tableText(headings, steps.length > 1 ? [...rows, total] : rows);
}

/** What each step has read, and why that: a line for steps that read for the same reason. */
function readings(steps: readonly SummaryStep[]): string {
  const byText = Map.groupBy(
    steps.filter(({ reading, status }) => reading !== null || status === 'skipped'),
    ({ reading }) => (reading === null ? DONE_BEFORE : readingText(reading)),
  );
  return [...byText].map(([text, some]) => `${text}: ${namesText(some)}\n`).join('');
}

/** Names in a line that is still read. */
const MOST_NAMED = 8;

/** That they read what has changed is usual: of many, it is enough how many. What is not usual is told by name. */
function namesText(steps: readonly SummaryStep[]): string {
  const isUsual = steps.every(({ reading }) => reading?.kind === 'window' && !wasAskedFor(reading));
  return isUsual && steps.length > MOST_NAMED
    ? counted(steps.length, 'import')
    : steps.map(({ mapping }) => mapping).join(', ');
}

const DONE_BEFORE = 'Done by the run before, which stopped at its API budget';

function readingText({ kind, reason, from, to, resumed_job: job }: ReadingReport): string {
  const resumed = job === null ? '' : `, going on with Bulk job ${job}`;
  if (kind === 'full') return `Read everything (${reason}${resumed})`;
  if (kind === 'only') return `Read only ${reason}`;
  // A window that a run has chosen is a little another for each step: in `--json` and the state.
  if (!wasAskedFor({ reason })) return `Read ${reason}${resumed}`;
  const since = from === null ? '' : ` from ${instant(from)}`;
  const before = to === null ? '' : ` before ${instant(to)}`;
  return `Read what was changed${since}${before} (${reason})`;
}

function wasAskedFor({ reason }: Pick<ReadingReport, 'reason'>): boolean {
  return reason.startsWith('asked');
}

function sumOf(steps: readonly SummaryStep[], of: (step: SummaryStep) => number): number {
  return steps.reduce((sum, step) => sum + of(step), 0);
}

/** The first promise, said for each step and for all together: every record that was read ended in exactly one place. */
function accounting(steps: readonly SummaryStep[]): string {
  if (steps.length === 0) return '';
  const wrong = steps.filter(({ counts }) => unaccounted(counts) !== 0);
  const head =
    wrong.length === 0
      ? 'Every record accounted for:'
      : `NOT every record is accounted for in ${wrong.map(({ mapping }) => mapping).join(', ')}. Please report this.`;
  const rows = steps.map(({ phase, mapping, counts }): Cell[] => [`  ${phase}`, mapping, sumText(counts)]);
  const all = steps.reduce((sum, { counts }) => addCounts(sum, counts), NO_COUNTS);
  if (steps.length > 1) rows.push(['  total', counted(steps.length, 'step'), sumText(all)]);
  const lines = tableText(['', '', ''], rows).split('\n').slice(1).join('\n');
  return `${head}\n${lines}`;
}

function rowsTable(steps: readonly SummaryStep[]): string {
  const totals = new Map<string, TableCounts>();
  for (const step of steps) {
    for (const [table, counts] of Object.entries(step.tables)) {
      totals.set(table, addTableCounts(totals.get(table) ?? NO_TABLE_COUNTS, counts));
    }
  }
  const rows = [...totals]
    .map(([table, { inserted, updated, unchanged, deleted }]) => [table, inserted, updated, unchanged, deleted])
    .filter(([, ...counts]) => counts.some((number) => number !== 0));
  if (rows.length === 0) return '';
  return tableText(['rows in table', 'inserted', 'updated', 'unchanged', 'deleted'], rows);
}

/** In a plan: the columns of rows that are there which would change, and how much of their values may be shown. */
function columnChanges(steps: readonly SummaryStep[]): string {
  const rows = steps.flatMap((step) =>
    Object.entries(step.changes ?? {}).map(([column, change]): Cell[] => [
      column,
      step.mapping,
      change.rows,
      change.samples.map(({ from, to }) => `${from} to ${to}`).join(', '),
    ]),
  );
  return rows.length === 0 ? '' : tableText(['column that changes', 'mapping', 'rows', 'for example, from'], rows);
}

/** Quarantined records and warnings by code and column, and what was left out by reason, most frequent first. */
function troubles(steps: readonly SummaryStep[]): string {
  const rows = steps.flatMap((step) => [
    ...entries(step.quarantined).map(([where, times]): Cell[] => ['quarantined', step.mapping, where, times]),
    ...entries(step.warnings).map(([where, times]): Cell[] => ['warning', step.mapping, where, times]),
    ...entries(step.skipped).map(([reason, times]): Cell[] => ['skipped', step.mapping, reason, times]),
  ]);
  return rows.length === 0 ? '' : tableText(['remark', 'mapping', 'why', 'records'], rows);
}

function entries(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).toSorted(([, a], [, b]) => b - a);
}
