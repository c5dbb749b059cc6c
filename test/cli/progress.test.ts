import { describe, expect, it } from '@jest/globals';
import { progress } from '../../src/cli/progress/progress.ts';
import { NO_COUNTS, NO_LINK_COUNTS } from '../../src/flow/counts.ts';
import type { RunEvent, StepReport } from '../../src/flow/run-events.ts';

const MEGABYTE = 1024 * 1024;

/** A run that is shown to a collector, with a clock that the test moves. */
function shown(isTTY: boolean) {
  const written: string[] = [];
  let now = 0;
  const { onEvent, tick } = progress({
    output: { write: (text) => void written.push(text), isTTY, columns: 100 },
    clock: () => now,
    memory: () => 182 * MEGABYTE,
  });
  return {
    written,
    at(seconds: number, event: RunEvent) {
      now = seconds * 1000;
      onEvent(event);
    },
    tick(seconds: number) {
      now = seconds * 1000;
      tick();
    },
  };
}

const started: RunEvent = {
  type: 'step_started',
  step: 0,
  phase: 'people',
  mapping: 'students',
  expected: 100_000,
};

function read(records: number): RunEvent {
  return { type: 'step_progress', step: 0, counts: { ...NO_COUNTS, read: records }, expected: 100_000 };
}

const report: StepReport = {
  phase: 'people',
  mapping: 'students',
  status: 'succeeded_with_warnings',
  duration_ms: 4200,
  api_calls: 9,
  watermark: null,
  counts: { ...NO_COUNTS, read: 100_000, inserted: 99_000, quarantined: 1000 },
  links: { ...NO_LINK_COUNTS, linked: 5, waiting: 3, missing_parents: 2 },
  tables: {},
  warnings: {},
  quarantined: {},
  skipped: {},
  error: null,
};

describe('progress without a terminal', () => {
  it('prints a line every ten seconds, and no control characters', () => {
    const run = shown(false);

    run.at(0, started);
    run.at(4, read(10_000));
    run.at(10, read(25_000));
    run.at(12, read(30_000));
    run.at(20, read(50_000));

    expect(run.written).toEqual([
      '  people students  25,000 of 100,000 (25%)  2,500/s  30 s left  182 MB\n',
      '  people students  50,000 of 100,000 (50%)  2,500/s  20 s left  182 MB\n',
    ]);
  });

  it("prints one line at a step's end: where its records went and how long it took", () => {
    const run = shown(false);

    run.at(0, started);
    run.at(4.2, { type: 'step_finished', step: 0, report });

    expect(run.written).toEqual([
      '▲ people students  100,000 read, 99,000 inserted, 1,000 quarantined, 5 linked, 3 waiting for 2 parents that are not there  4.2 s\n',
    ]);
  });

  it('tells of a retry when it happens', () => {
    const run = shown(false);

    run.at(0, { type: 'retry', what: 'page 3 of students', code: 'ORG_UNREACHABLE', waitMs: 2000 });

    expect(run.written).toEqual(['  page 3 of students: ORG_UNREACHABLE; trying again in 2.0 s\n']);
  });

  it('says that the run lives while the org makes it wait', () => {
    const run = shown(false);

    run.at(0, started);
    run.tick(9);
    run.tick(10);
    run.tick(19);

    expect(run.written).toEqual(['  people students  0 of 100,000 (0%)  10 s  182 MB\n']);
  });

  it('names no share when nobody knows how many records there are', () => {
    const run = shown(false);

    run.at(0, { ...started, expected: null });
    run.at(10, { type: 'step_progress', step: 0, counts: { ...NO_COUNTS, read: 500 }, expected: null });

    expect(run.written).toEqual(['  people students  500 read  50/s  10 s  182 MB\n']);
  });
});

describe('progress on a terminal', () => {
  it('writes one line over and over, cut to the width, and leaves the finished step above it', () => {
    const run = shown(true);

    run.at(0, started);
    run.at(1, read(10_000));
    run.at(4.2, { type: 'step_finished', step: 0, report });

    expect(run.written).toHaveLength(3);
    expect(run.written[0]).toContain('\r\u001B[2K  people students  0 of 100,000');
    expect(run.written[1]).toMatch(/10,000 of 100,000 \(10%\)/);
    expect(run.written[2]).toMatch(/▲ people students .*\n$/);
  });

  it('writes at most ten times a second', () => {
    const run = shown(true);

    run.at(0, started);
    for (let step = 1; step <= 100; step++) run.at(step / 1000, read(step));

    expect(run.written.length).toBeLessThanOrEqual(3);
  });
});
