import { ALL_IMPORTS, ALL_IMPORTS_AGAIN, STEP_FLOORS } from './imports.ts';
import type { Sample } from './measure.ts';
import { type Spread, spreadOf } from './statistics.ts';
import type { StepTime } from './step-times.ts';
import { table } from './table.ts';

const HEAD = [
  'step of all imports',
  'read',
  'rows written',
  'median s',
  'min to max',
  'records/s',
  'x floor',
  'rows again',
  's again',
];

/** A line for each step of a run of all imports, with the floor of the largest; null when none was measured. */
export function stepReport(samples: readonly Sample[]): string | null {
  const first = samples.filter(({ scenario }) => scenario === ALL_IMPORTS);
  const names = new Set(first.flatMap(({ steps }) => steps.map(({ step }) => step)));
  return names.size === 0 ? null : table([HEAD, ...[...names].map((name) => lineOf(name, samples))]);
}

/** Median of a step against the median of its floor; null where one of them was not measured. */
export function againstFloor(step: string, samples: readonly Sample[]): number | null {
  const floor = STEP_FLOORS.find((candidate) => candidate.step === step)?.scenario;
  const alone = spreadOf(samples.filter(({ scenario }) => scenario === floor).map(({ seconds }) => seconds));
  const ours = spreadOf(timesOf(step, ALL_IMPORTS, samples).map(({ seconds }) => seconds));
  return alone === null || ours === null ? null : ours.median / alone.median;
}

function lineOf(step: string, samples: readonly Sample[]): string[] {
  const first = timesOf(step, ALL_IMPORTS, samples);
  const again = timesOf(step, ALL_IMPORTS_AGAIN, samples);
  const seconds = spreadOf(first.map((time) => time.seconds));
  const read = spreadOf(first.map((time) => time.read));
  const perSecond = read === null || seconds === null || seconds.median === 0 ? null : read.median / seconds.median;
  return [
    step,
    whole(read),
    whole(spreadOf(first.map(({ rowsWritten }) => rowsWritten))),
    seconds?.median.toFixed(2) ?? '-',
    seconds === null ? '-' : `${seconds.least.toFixed(2)} to ${seconds.most.toFixed(2)}`,
    perSecond?.toFixed(0) ?? '-',
    againstFloor(step, samples)?.toFixed(2) ?? '',
    whole(spreadOf(again.map(({ rowsWritten }) => rowsWritten))),
    spreadOf(again.map((time) => time.seconds))?.median.toFixed(2) ?? '-',
  ];
}

function timesOf(step: string, scenario: string, samples: readonly Sample[]): StepTime[] {
  return samples
    .filter((sample) => sample.scenario === scenario)
    .flatMap(({ steps }) => steps)
    .filter((time) => time.step === step);
}

function whole(spread: Spread | null): string {
  return spread?.median.toFixed(0) ?? '-';
}
