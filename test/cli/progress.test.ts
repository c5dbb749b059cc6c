import { describe, expect, it } from '@jest/globals';
import { progress } from '../../src/cli/progress/progress.ts';
import { NO_COUNTS, NO_LINK_COUNTS } from '../../src/flow/counts.ts';
import type { RunEvent } from '../../src/flow/run-events.ts';
import { step } from './reports.ts';

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

const report = step('succeeded_with_warnings', {
  duration_ms: 4200,
  counts: { ...NO_COUNTS, read: 100_000, inserted: 99_000, quarantined: 1000 },
  links: { linked: 5, waiting: 3, missing_parents: 2 },
});

describe('progress without a terminal', () => {
  it('marks a step of a plan in which a run would have something to look at', () => {
    const run = shown(false);
    const clean = { ...report, status: 'planned' as const, counts: NO_COUNTS, links: NO_LINK_COUNTS };

    run.at(1, { type: 'step_finished', step: 0, report: { ...report, status: 'planned' } });
    run.at(2, { type: 'step_finished', step: 0, report: clean });

    expect(run.written.map((line) => line.slice(0, 1))).toEqual(['▲', '✔']);
  });

  it('says of a step why it need not be done again', () => {
    const run = shown(false);

    run.at(1, { type: 'step_finished', step: 0, report: step('skipped') });

    expect(run.written).toEqual(['– people students  done by the run that stopped at its API budget\n']);
  });

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

describe('progress of several steps', () => {
  const steps = [
    { phase: 'people', mapping: 'students' },
    { phase: 'assign-schools', mapping: 'students' },
    { phase: 'people', mapping: 'volunteers' },
  ];

  it('says which step of how many is at work', () => {
    const run = shown(false);

    run.at(0, { type: 'run_started', runId: 'r', steps });
    run.at(0, { ...started, step: 1 });
    run.at(10, { ...read(25_000), step: 1 } as RunEvent);

    expect(run.written).toEqual([
      '  step 2 of 3  people students  25,000 of 100,000 (25%)  2,500/s  30 s left  182 MB\n',
    ]);
  });

  it('lets what the finished ones did stand in columns', () => {
    const run = shown(false);

    run.at(0, { type: 'run_started', runId: 'r', steps });
    for (const [index, one] of steps.entries()) {
      run.at(1, { type: 'step_finished', step: index, report: step('succeeded', { ...one, duration_ms: 5 }) });
    }

    expect(run.written).toEqual([
      '✔ people         students    0 read  5 ms\n',
      '✔ assign-schools students    0 read  5 ms\n',
      '✔ people         volunteers  0 read  5 ms\n',
    ]);
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
    for (let records = 1; records <= 100; records++) run.at(records / 1000, read(records));

    expect(run.written.length).toBeLessThanOrEqual(3);
  });
});
