import type { OnEvent, RunEvent, StepReport } from '../../flow/run-events.ts';
import { count, duration, megabytes, paint, rate } from '../text.ts';
import { linksText, outcomesText } from './step-text.ts';

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
  readonly phase: string;
  readonly mapping: string;
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
      case 'step_started':
        running = { ...event, startedAt: deps.clock(), read: 0 };
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
        print(finishedText(event.report));
        return;
      case 'retry':
        print(paint('yellow', `  ${event.what}: ${event.code}; trying again in ${duration(event.waitMs)}`));
        return;
      case 'run_started':
      case 'run_finished':
    }
  };
  return { onEvent, tick: show };
}

/** `people students  65,000 of 145,266 (45%)  28,400/s  3 s left  182 MB`. */
function runningText(step: Running, now: number, rss: number): string {
  const elapsed = now - step.startedAt;
  const share = step.expected === null || step.expected === 0 ? null : Math.min(1, step.read / step.expected);
  const left = share === null || share === 0 ? null : (elapsed / share) * (1 - share);
  const done =
    step.expected === null || share === null
      ? `${count(step.read)} read`
      : `${count(step.read)} of ${count(step.expected)} (${Math.floor(share * 100)}%)`;
  const time = left === null ? duration(elapsed) : `${duration(left)} left`;
  const parts = [done, rate(step.read, elapsed), time, megabytes(rss)];
  return `  ${step.phase} ${step.mapping}  ${parts.filter((part) => part !== '').join('  ')}`;
}

/** One line for a finished step: its mark, its name, where the records ended, and how long it took. */
function finishedText(report: StepReport): string {
  const { counts, links, duration_ms: ms } = report;
  const parts = [`${count(counts.read)} read`, ...outcomesText(counts), ...linksText(links)];
  const error = report.error === null ? '' : `  ${paint('red', report.error.code)}`;
  return `${MARKS[report.status]} ${report.phase} ${report.mapping}  ${parts.join(', ')}  ${duration(ms)}${error}`;
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
