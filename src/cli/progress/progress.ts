import type { OnEvent, RunEvent, StepReport } from '../../flow/run-events.ts';
import { count, duration, megabytes, paint, rate } from '../text.ts';
import { linksText, outcomesText } from './step-text.ts';
import { surveyLines } from './survey-text.ts';

/** Where progress goes: stderr in a command, a collector in a test. */
export interface ProgressOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface ProgressDeps {
  readonly output: ProgressOutput;
  /** Milliseconds, never going back. */
  readonly clock: () => number;
  /** Bytes of memory that the process holds now. */
  readonly memory: () => number;
}

export interface Progress {
  readonly onEvent: OnEvent;
  /** To be called now and then: a step that waits for the org has no events. */
  readonly tick: () => void;
}

/** Without a terminal nobody watches: one line in this time says that the run lives. */
const PLAIN_EVERY_MS = 10_000;
const LIVE_EVERY_MS = 100;

interface Running {
  readonly name: string;
  /** `step 3 of 20`; blank when the run has only one. */
  readonly place: string;
  readonly startedAt: number;
  readonly read: number;
  readonly expected: number | null;
}

/**
 * Shows a run while it works: on a terminal one line that is written again and again below the finished steps, else a
 * plain line every ten seconds. Both print one line at each step's end.
 */
export function progress(deps: ProgressDeps): Progress {
  const live = deps.output.isTTY === true;
  let running: Running | null = null;
  let steps: Steps = [];
  let shownAt = deps.clock();

  const print = (line: string): void => {
    deps.output.write(live ? `\r\u001B[2K${line}\n` : `${line}\n`);
  };
  const show = (): void => {
    const now = deps.clock();
    if (running === null || now - shownAt < (live ? LIVE_EVERY_MS : PLAIN_EVERY_MS)) return;
    shownAt = now;
    const line = runningText(running, now, deps.memory());
    deps.output.write(live ? `\r\u001B[2K${cut(line, deps.output.columns)}` : `${line}\n`);
  };

  const onEvent = (event: RunEvent): void => {
    switch (event.type) {
      case 'run_started':
        steps = event.steps;
        return;
      case 'surveyed':
        for (const line of surveyLines(event)) print(line);
        return;
      case 'step_started':
        running = {
          name: `${event.phase} ${event.mapping}`,
          place: steps.length > 1 ? `step ${event.step + 1} of ${steps.length}` : '',
          expected: event.expected,
          startedAt: deps.clock(),
          read: 0,
        };
        // A first line at once on a terminal; elsewhere a short step needs only its last line.
        if (live) shownAt = -Infinity;
        show();
        return;
      case 'step_progress':
        if (running !== null) running = { ...running, read: event.counts.read, expected: event.expected };
        show();
        return;
      case 'step_finished':
        running = null;
        print(finishedText(event.report, steps));
        return;
      case 'retry':
        print(paint('yellow', `  ${event.what}: ${event.code}; trying again in ${duration(event.waitMs)}`));
        return;
      case 'run_finished':
    }
  };
  return { onEvent, tick: show };
}

/** `step 4 of 5  people students  65,000 of 145,266 (45%)  28,400/s  3 s left  182 MB`. */
function runningText(step: Running, now: number, rss: number): string {
  const elapsed = now - step.startedAt;
  const share = step.expected === null || step.expected === 0 ? null : Math.min(1, step.read / step.expected);
  const left = share === null || share === 0 ? null : (elapsed / share) * (1 - share);
  const done =
    step.expected === null || share === null
      ? `${count(step.read)} read`
      : `${count(step.read)} of ${count(step.expected)} (${Math.floor(share * 100)}%)`;
  const time = left === null ? duration(elapsed) : `${duration(left)} left`;
  const parts = [step.place, step.name, done, rate(step.read, elapsed), time, megabytes(rss)];
  return `  ${parts.filter((part) => part !== '').join('  ')}`;
}

/** One line for a finished step: its mark, its name, where the records ended, and how long it took. */
function finishedText(report: StepReport, steps: Steps): string {
  const { counts, links, duration_ms: ms } = report;
  if (report.status === 'skipped' && report.error === null) {
    return `${MARKS.skipped} ${nameText(report, steps)}  done by the run that stopped at its API budget`;
  }
  const parts = [`${count(counts.read)} read`, ...outcomesText(counts), ...linksText(links)];
  const error = report.error === null ? '' : `  ${paint('red', report.error.code)}`;
  return `${markOf(report)} ${nameText(report, steps)}  ${parts.join(', ')}  ${duration(ms)}${error}`;
}

type Steps = readonly Pick<StepReport, 'phase' | 'mapping'>[];

/** Phase and mapping, each as wide as the widest of the run, so that what follows stands in columns. */
function nameText({ phase, mapping }: Steps[number], steps: Steps): string {
  const phases = Math.max(0, ...steps.map((step) => step.phase.length));
  const mappings = Math.max(0, ...steps.map((step) => step.mapping.length));
  return `${phase.padEnd(phases)} ${mapping.padEnd(mappings)}`;
}

/** A plan has no status for it, and shows all the same where a run would have something to look at. */
function markOf({ status, counts, links }: StepReport): string {
  const remarks = counts.warnings + counts.quarantined + counts.deferred + links.waiting;
  return MARKS[status === 'planned' && remarks > 0 ? 'succeeded_with_warnings' : status];
}

const MARKS: Readonly<Record<StepReport['status'], string>> = {
  succeeded: paint('green', '✔'),
  planned: paint('green', '✔'),
  succeeded_with_warnings: paint('yellow', '▲'),
  skipped: paint('dim', '–'),
  failed: paint('red', '✘'),
  stopped: paint('red', '✘'),
  interrupted: paint('red', '✘'),
};

/** A line that wraps cannot be written over. */
function cut(line: string, columns: number | undefined): string {
  // A terminal that does not know its width says 0.
  const width = columns === undefined || columns === 0 ? 80 : columns;
  return line.length < width ? line : `${line.slice(0, width - 2)}…`;
}
