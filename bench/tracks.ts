import { runMeasured } from './child.ts';
import { type Bench, floorCommand, rival, rowCounts, sluice, TEMPLATE, time } from './bench.ts';
import type { FloorName } from './floors.ts';
import { allImports } from './imports.ts';
import type { Part } from './options.ts';
import { openOrg } from './org.ts';
import { stepTimes } from './step-times.ts';

/** A sequence of scenarios on a database of its own. */
type Track = (bench: Bench, round: number) => Promise<void>;

const FIRST = ['run', '--select', 'students', '--phase', 'people', '--json'];
const ASSIGN = ['run', '--select', 'students', '--phase', 'assign-schools', '--json'];

export const TRACKS: readonly (readonly [part: Part, track: Track])[] = [
  ['floor', floor],
  ['sluice', sluiceItself],
  ['bad', badRecords],
  ['seed', seedSettings],
  ['low-memory', lowMemory],
  ['rivals', rivals],
  ['start', startTimes],
  ['imports', allImports],
  ['reconcile', reconcileIds],
  ['large', tenTimes],
];

async function floor(bench: Bench, round: number): Promise<void> {
  const database = 'bench_floor';
  const run = (name: string, sql: FloorName): Promise<string> =>
    time(bench, { name, round, database, command: floorCommand(bench, database, sql) });
  await bench.server.create(database, TEMPLATE);
  await run('floor: first load, nightly script', 'students compare');
  await bench.server.create(database, TEMPLATE);
  await run('floor: first load', 'students insert');
  bench.tell(`  floor has ${await rowCounts(bench, database)}`);
  await run('floor: unchanged', 'students compare');
}

async function sluiceItself(bench: Bench, round: number): Promise<void> {
  const database = 'bench_sluice';
  await bench.server.create(database, TEMPLATE);
  const run = (name: string, args: readonly string[]): Promise<string> =>
    time(bench, { name, round, database, command: sluice(bench, { args, database }), stepsOf: stepTimes });
  await run('sluice: first load', FIRST);
  bench.tell(`  sluice has ${await rowCounts(bench, database)}`);
  await run('sluice: window, nothing changed', FIRST);
  await runMeasured(sluice(bench, { args: ['state', 'reset', 'students'], database }));
  await run('sluice: unchanged', FIRST);
  await run('sluice: --full-refresh', [...FIRST, '--full-refresh']);
  await run('sluice: assign-schools', ASSIGN);
  await run('sluice: assign-schools again', ASSIGN);
  await bench.org.change(0.01);
  await run('sluice: window, 1 % changed', FIRST);
}

/** The template holds what the usual org has; without this, a run from another one is refused. */
async function createForOtherOrg(bench: Bench, database: string): Promise<void> {
  await bench.server.create(database, TEMPLATE);
  await runMeasured(sluice(bench, { args: ['state', 'reset', '--org'], database }));
}

async function badRecords(bench: Bench, round: number): Promise<void> {
  const database = 'bench_bad';
  await createForOtherOrg(bench, database);
  const command = sluice(bench, { args: FIRST, database, org: bench.badOrg });
  await time(bench, { name: 'sluice: first load, 1 % bad', round, database, command });
}

async function seedSettings(bench: Bench, round: number): Promise<void> {
  const database = 'bench_seed';
  await bench.server.create(database, TEMPLATE);
  const project = bench.projects.seed;
  const first = sluice(bench, { args: FIRST, database, project });
  await time(bench, { name: 'sluice: first load, 300/50', round, database, command: first });
  const assign = sluice(bench, { args: ASSIGN, database, project });
  await time(bench, { name: 'sluice: assign-schools, 500/100', round, database, command: assign });
}

async function lowMemory(bench: Bench, round: number): Promise<void> {
  const database = 'bench_low';
  await bench.server.create(database, TEMPLATE);
  const command = sluice(bench, { args: [...FIRST, '--low-memory'], database });
  await time(bench, { name: 'sluice: first load, --low-memory', round, database, command });
}

async function rivals(bench: Bench, round: number): Promise<void> {
  const database = 'bench_rival';
  await bench.server.create(database, TEMPLATE);
  const bulkCreate = rival(bench, 'bulk-create', database);
  await time(bench, { name: 'jsforce + bulkCreate: first load', round, database, command: bulkCreate });
  bench.tell(`  bulkCreate has ${await rowCounts(bench, database)}`);
  await time(bench, { name: 'jsforce + bulkCreate: unchanged', round, database, command: bulkCreate });
  await bench.server.create(database, TEMPLATE);
  await time(bench, {
    name: 'jsforce + upsert by row: first load (scaled)',
    round,
    database,
    command: rival(bench, 'upsert-each', database, { BENCH_SAMPLE: String(bench.options.sample) }),
    secondsOf: (output) => {
      const { rows, seconds } = JSON.parse(output) as { rows: number; seconds: number };
      return (seconds / rows) * bench.options.students;
    },
  });
}

async function startTimes(bench: Bench, round: number): Promise<void> {
  const database = TEMPLATE;
  await time(bench, { name: 'sluice lint', round, database, command: sluice(bench, { args: ['lint'], database }) });
  const help = { program: process.execPath, args: [`${bench.root}/bin/run.js`, '--help'] };
  await time(bench, { name: 'sluice --help', round, database, command: help });
}

/** Both by their own clocks: what starting a program takes is measured elsewhere. */
async function reconcileIds(bench: Bench, round: number): Promise<void> {
  const database = 'bench_reconcile';
  await bench.server.create(database, TEMPLATE);
  await runMeasured(sluice(bench, { args: FIRST, database }));
  const where = bench.soql.slice(bench.soql.search(/ FROM /i));
  await time(bench, {
    name: 'Bulk query of Id alone',
    round,
    database,
    command: rival(bench, 'bulk-ids', database, { BENCH_SOQL: `SELECT Id${where}` }),
    secondsOf: (output) => (JSON.parse(output) as { seconds: number }).seconds,
  });
  await time(bench, {
    name: 'sluice: reconcile',
    round,
    database,
    command: sluice(bench, { args: ['reconcile', 'students', '--json'], database }),
    secondsOf: (output) => {
      const { result } = JSON.parse(output) as { result: { mappings: { duration_ms: number }[] } };
      return result.mappings.reduce((sum, { duration_ms: ms }) => sum + ms, 0) / 1000;
    },
  });
}

/** Once is enough: what is asked is whether memory stays flat. */
async function tenTimes(bench: Bench, round: number): Promise<void> {
  if (round > 1) return;
  const database = 'bench_large';
  await createForOtherOrg(bench, database);
  const org = await openOrg(bench.options.students * 10);
  try {
    const command = sluice(bench, { args: FIRST, database, org });
    await time({ ...bench, org }, { name: 'sluice: first load, ten times', round, database, command });
    await time({ ...bench, org }, { name: 'sluice: unchanged, ten times', round, database, command });
  } finally {
    await org.close();
    await bench.server.drop(database);
  }
}
