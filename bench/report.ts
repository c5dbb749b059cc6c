import { measuredGoals } from './goals.ts';
import type { Sample } from './measure.ts';
import { spreadOf } from './statistics.ts';
import { stepReport } from './step-report.ts';
import { table } from './table.ts';

const MEGABYTE = 2 ** 20;
const HEAD = [
  'scenario',
  'median s',
  'min to max',
  'x floor',
  'client CPU',
  'server CPU',
  'org CPU',
  'peak MB',
  'WAL MB',
];

/** What every scenario is compared with: the floor of its own kind. */
const FLOOR_OF: Readonly<Record<string, string>> = {
  'floor: first load, nightly script': 'floor: first load',
  'sluice: first load': 'floor: first load',
  'sluice: first load, 1 % bad': 'floor: first load',
  'sluice: first load, 300/50': 'floor: first load',
  'sluice: first load, --low-memory': 'floor: first load',
  'jsforce + bulkCreate: first load': 'floor: first load',
  'jsforce + upsert by row: first load (scaled)': 'floor: first load',
  'sluice: unchanged': 'floor: unchanged',
  'sluice: 1 % changed': 'floor: unchanged',
  'sluice: --full-refresh': 'floor: unchanged',
  'jsforce + bulkCreate: unchanged': 'floor: unchanged',
};

/** The table of medians and ranges, the steps of all imports where they were measured, and which goals are reached. */
export function report(samples: readonly Sample[]): string {
  const names = [...new Set(samples.map((sample) => sample.scenario))];
  const rows = names.map((name) => rowOf(name, samples));
  const goals = measuredGoals(samples).map(({ goal, limit, measured, reached }) => [
    reached === null ? '-' : reached ? 'yes' : 'NO',
    goal,
    limit,
    measured,
  ]);
  const steps = stepReport(samples);
  const parts = [
    table([HEAD, ...rows]),
    ...(steps === null ? [] : [steps]),
    table([['reached', 'goal', 'limit', 'measured'], ...goals]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function rowOf(name: string, samples: readonly Sample[]): string[] {
  const of = (pick: (sample: Sample) => number | null, scenario = name): ReturnType<typeof spreadOf> =>
    spreadOf(samples.filter((sample) => sample.scenario === scenario).map(pick));
  const seconds = of((sample) => sample.seconds);
  const floor = FLOOR_OF[name] === undefined ? null : of((sample) => sample.seconds, FLOOR_OF[name]);
  const median = (pick: (sample: Sample) => number | null, digits: number): string =>
    of(pick)?.median.toFixed(digits) ?? '-';
  return [
    name,
    seconds?.median.toFixed(2) ?? '-',
    seconds === null ? '-' : `${seconds.least.toFixed(2)} to ${seconds.most.toFixed(2)}`,
    seconds === null || floor === null ? '' : (seconds.median / floor.median).toFixed(2),
    median((sample) => sample.clientCpu, 1),
    median((sample) => sample.serverCpu, 1),
    median((sample) => sample.orgCpu, 1),
    median((sample) => (sample.peakRssBytes === null ? null : sample.peakRssBytes / MEGABYTE), 0),
    median((sample) => (sample.walBytes === null ? null : sample.walBytes / MEGABYTE), 2),
  ];
}
