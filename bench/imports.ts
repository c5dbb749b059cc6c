import { type Bench, floorCommand, sluice, time } from './bench.ts';
import { runMeasured } from './child.ts';
import { type FloorName, FLOORS } from './floors.ts';
import { stepTimes } from './step-times.ts';

/** Every import but the three that have a floor; then the students beside them. Floors begin with copies of these. */
const BEFORE_LARGEST = 'bench_before_largest';
const BEFORE_PARTICIPATIONS = 'bench_before_participations';

interface StepFloor {
  /** Of Sluice, in its report. */
  readonly step: string;
  /** Of the floor, in ours. */
  readonly scenario: string;
  readonly floor: FloorName;
  readonly template: string;
  /** Both must have as many rows in it. */
  readonly table: string;
  /** The goal: at most so many times the floor. */
  readonly limit: number;
}

/** The three largest steps, in the order in which Sluice takes them. */
export const STEP_FLOORS: readonly StepFloor[] = [
  {
    step: 'people/students',
    scenario: 'floor: students among all imports',
    floor: 'students insert',
    template: BEFORE_LARGEST,
    table: 'student',
    limit: 1.6,
  },
  {
    step: 'activity/affiliations',
    scenario: 'floor: affiliations',
    floor: 'affiliations',
    template: BEFORE_LARGEST,
    table: 'volunteer_organization',
    // The floor drops four fifths while it reads the file; they are read, told apart and counted here.
    limit: 4,
  },
  {
    step: 'activity/student-participants',
    scenario: 'floor: student participations',
    floor: 'student-participants',
    template: BEFORE_PARTICIPATIONS,
    table: 'event_student_participation',
    limit: 2,
  },
];

export const ALL_IMPORTS = 'sluice: all imports, from empty';
export const ALL_IMPORTS_AGAIN = 'sluice: all imports, unchanged';

/** A copy of what the floors begin with: what the imports before them have written, by Sluice itself. */
export async function prepareImports(bench: Bench): Promise<void> {
  bench.tell('preparing: every import but the three largest, then the students');
  const without = STEP_FLOORS.map(({ floor }) => FLOORS[floor].mapping).join(',');
  await bench.server.create(BEFORE_LARGEST);
  await runMeasured(sluice(bench, { args: ['run', '--exclude', without, '--json'], database: BEFORE_LARGEST }));
  await bench.server.settle(BEFORE_LARGEST);
  await bench.server.create(BEFORE_PARTICIPATIONS, BEFORE_LARGEST);
  const students = ['run', '--select', 'students', '--json'];
  await runMeasured(sluice(bench, { args: students, database: BEFORE_PARTICIPATIONS }));
  await bench.server.settle(BEFORE_PARTICIPATIONS);
}

/** Every mapping of the project in one run, from an empty database, and again; beside it the floors of the largest. */
export async function allImports(bench: Bench, round: number): Promise<void> {
  const database = 'bench_imports';
  await bench.server.create(database);
  for (const name of [ALL_IMPORTS, ALL_IMPORTS_AGAIN]) {
    const command = sluice(bench, { args: ['run', '--json'], database });
    await time(bench, { name, round, database, command, stepsOf: stepTimes });
  }
  for (const { scenario, floor, template, table } of STEP_FLOORS) {
    const alone = 'bench_import_floor';
    await bench.server.create(alone, template);
    await time(bench, { name: scenario, round, database: alone, command: floorCommand(bench, alone, floor) });
    const [mine, its] = [await countRows(bench, database, table), await countRows(bench, alone, table)];
    bench.tell(`  ${table}: sluice has ${mine}, the floor ${its}`);
  }
}

async function countRows({ server }: Bench, database: string, table: string): Promise<string> {
  const [row] = await server.query<{ count: string }>(database, `SELECT count(*) FROM ${table}`);
  return row?.count ?? '?';
}
