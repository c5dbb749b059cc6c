import { ALL_IMPORTS, ALL_IMPORTS_AGAIN, STEP_FLOORS } from './imports.ts';
import type { Sample } from './measure.ts';
import { spreadOf } from './statistics.ts';
import { againstFloor } from './step-report.ts';

/** One promise about speed or memory, and what was measured. */
export interface MeasuredGoal {
  readonly goal: string;
  readonly limit: string;
  readonly measured: string;
  /** null when it was not measured. */
  readonly reached: boolean | null;
}

interface Goal {
  readonly goal: string;
  /** The measured value must be at most this; for `atLeast`, at least. */
  readonly limit: number;
  readonly unit: string;
  readonly atLeast?: true;
  readonly value: (read: Reader) => number | null;
}

interface Reader {
  seconds(scenario: string): number | null;
  /** By the clocks of its steps. */
  runSeconds(scenario: string): number | null;
  peakMegabytes(scenario: string): number | null;
  walMegabytes(scenario: string): number | null;
  rowsWritten(scenario: string): number | null;
  /** Of a step of all imports. */
  againstFloor(step: string): number | null;
}

const MEGABYTE = 2 ** 20;
const FIRST = 'sluice: first load';
const UNCHANGED = 'sluice: unchanged';

/** The goals that the project has set itself: most are ratios within one run, so that the machine cancels out. */
const GOALS: readonly Goal[] = [
  ratio('first load, against the floor', 1.6, FIRST, 'floor: first load'),
  { ...ratio('first load, times faster than bulkCreate', 4, 'jsforce + bulkCreate: first load', FIRST), atLeast: true },
  ratio('unchanged second run, against the floor', 1, UNCHANGED, 'floor: unchanged'),
  ratio('window with 1 % changed, against the first load', 0.1, 'sluice: window, 1 % changed', FIRST),
  {
    goal: 'the same by the clocks of the two runs, without the start of the program',
    limit: 0.1,
    unit: 'x',
    value: (read) => quotient(read.runSeconds('sluice: window, 1 % changed'), read.runSeconds(FIRST)),
  },
  { goal: 'write-ahead log of an unchanged run', limit: 1, unit: 'MB', value: (read) => read.walMegabytes(UNCHANGED) },
  ratio('1 % bad records, against none', 1.1, 'sluice: first load, 1 % bad', FIRST),
  ratio('batches of 300, commits of 50, against our default', 4, 'sluice: first load, 300/50', FIRST),
  ratio(
    'assign-schools at 500/100, against our default',
    4,
    'sluice: assign-schools, 500/100',
    'sluice: assign-schools',
  ),
  { goal: 'peak memory', limit: 256, unit: 'MB', value: (read) => read.peakMegabytes(FIRST) },
  { goal: 'peak memory of an unchanged run', limit: 256, unit: 'MB', value: (read) => read.peakMegabytes(UNCHANGED) },
  {
    goal: 'peak memory of ten times the students, against one time',
    limit: 1.3,
    unit: 'x',
    value: (read) => quotient(read.peakMegabytes('sluice: first load, ten times'), read.peakMegabytes(FIRST)),
  },
  {
    goal: 'peak memory with --low-memory',
    limit: 128,
    unit: 'MB',
    value: (read) => read.peakMegabytes('sluice: first load, --low-memory'),
  },
  ratio('time with --low-memory, against without', 1.5, 'sluice: first load, --low-memory', FIRST),
  ...STEP_FLOORS.map(({ step, limit }) => ({
    goal: `${step} among all imports, against the floor`,
    limit,
    unit: 'x',
    value: (read: Reader) => read.againstFloor(step),
  })),
  { goal: 'peak memory of all imports', limit: 256, unit: 'MB', value: (read) => read.peakMegabytes(ALL_IMPORTS) },
  {
    goal: 'rows written by a second run of all imports',
    limit: 0,
    unit: 'rows',
    value: (read) => read.rowsWritten(ALL_IMPORTS_AGAIN),
  },
  {
    // What is still quarantined or deferred was looked at once more, and its state says so.
    goal: 'write-ahead log of a second run of all imports',
    limit: 4,
    unit: 'MB',
    value: (read) => read.walMegabytes(ALL_IMPORTS_AGAIN),
  },
  {
    goal: 'reconcile of all students, beyond the Bulk query of their ids',
    limit: 1,
    unit: 's',
    value: (read) => difference(read.seconds('sluice: reconcile'), read.seconds('Bulk query of Id alone')),
  },
  {
    goal: 'peak memory of reconcile',
    limit: 256,
    unit: 'MB',
    value: (read) => read.peakMegabytes('sluice: reconcile'),
  },
  { goal: 'sluice lint', limit: 1, unit: 's', value: (read) => read.seconds('sluice lint') },
  { goal: 'sluice --help', limit: 0.5, unit: 's', value: (read) => read.seconds('sluice --help') },
];

export function measuredGoals(samples: readonly Sample[]): MeasuredGoal[] {
  const median = (scenario: string, pick: (sample: Sample) => number | null): number | null =>
    spreadOf(samples.filter((sample) => sample.scenario === scenario).map(pick))?.median ?? null;
  const read: Reader = {
    seconds: (scenario) => median(scenario, (sample) => sample.seconds),
    runSeconds: (scenario) => median(scenario, ({ steps }) => steps.reduce((sum, step) => sum + step.seconds, 0)),
    peakMegabytes: (scenario) => megabytes(median(scenario, (sample) => sample.peakRssBytes)),
    walMegabytes: (scenario) => megabytes(median(scenario, (sample) => sample.walBytes)),
    rowsWritten: (scenario) => median(scenario, ({ steps }) => steps.reduce((sum, step) => sum + step.rowsWritten, 0)),
    againstFloor: (step) => againstFloor(step, samples),
  };
  return GOALS.map(({ goal, limit, unit, atLeast, value }) => {
    const measured = value(read);
    return {
      goal,
      limit: `${atLeast ? 'at least' : 'at most'} ${limit} ${unit}`,
      measured: measured === null ? 'not measured' : `${measured.toFixed(2)} ${unit}`,
      reached: measured === null ? null : atLeast ? measured >= limit : measured <= limit,
    };
  });
}

function ratio(goal: string, limit: number, scenario: string, against: string): Goal {
  return { goal, limit, unit: 'x', value: (read) => quotient(read.seconds(scenario), read.seconds(against)) };
}

function difference(value: number | null, less: number | null): number | null {
  return value === null || less === null ? null : value - less;
}

function quotient(value: number | null, by: number | null): number | null {
  return value === null || by === null || by === 0 ? null : value / by;
}

function megabytes(bytes: number | null): number | null {
  return bytes === null ? null : bytes / MEGABYTE;
}
