/** `npm run bench`: see bench/README.md. Everything is measured in one run, one after another, in rounds. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadProject } from '../src/config/load-project.ts';
import { type Bench, sluice, TEMPLATE } from './bench.ts';
import { runMeasured } from './child.ts';
import { cleanCsv } from './clean-csv.ts';
import { FLOORS } from './floors.ts';
import { measuredGoals } from './goals.ts';
import { prepareImports, STEP_FLOORS } from './imports.ts';
import { describeMachine } from './machine.ts';
import type { Sample } from './measure.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { downloadCsv, openOrg, type Org } from './org.ts';
import { copyProject } from './projects.ts';
import { report } from './report.ts';
import { openServer, type Server } from './server.ts';
import { TRACKS } from './tracks.ts';

const BAD_SHARE = 0.01;
const SEED = { people: { batch: 300, commit: 50 }, 'assign-schools': { batch: 500, commit: 100 } };

const root = resolve(import.meta.dirname, '..');
const folder = join(root, '.sluice', 'bench');
const closers: (() => Promise<void>)[] = [];

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(HELP);
  else await main(options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  for (const close of closers.toReversed()) await close();
}

async function main(options: Options): Promise<void> {
  const samples: Sample[] = [];
  const bench = await prepare(options, samples);
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const track of inTurn(round, options)) await track(bench, round);
  }
  const about = `${describeMachine()}\n${bench.server.description}\n${options.students} students, ${options.rounds} rounds\n`;
  process.stdout.write(`${about}\n${report(samples)}`);
  if (options.json !== null) {
    writeFileSync(
      options.json,
      `${JSON.stringify({ about, options: { ...options, parts: [...options.parts] }, samples, goals: measuredGoals(samples) }, null, 2)}\n`,
    );
  }
}

/** Each round begins with another track, so that nobody always has the warm or the cold machine. */
function inTurn(round: number, { parts }: Options): ((bench: Bench, round: number) => Promise<void>)[] {
  const wanted = TRACKS.filter(([part]) => parts.has(part)).map(([, track]) => track);
  const first = (round - 1) % Math.max(1, wanted.length);
  return [...wanted.slice(first), ...wanted.slice(0, first)];
}

async function prepare(options: Options, samples: Sample[]): Promise<Bench> {
  mkdirSync(folder, { recursive: true });
  const server = await openServer(folder, process.env['DATABASE_URL']);
  closers.push(() => server.close());
  const org = await startOrg(options.students);
  const soqlOf = await readSoql();
  const bench: Bench = {
    options,
    root,
    server,
    org,
    badOrg: options.parts.has('bad') ? await startOrg(options.students, BAD_SHARE) : org,
    soql: soqlOf('students'),
    csvOf,
    projects: {
      usual: copyProject(root, join(folder, 'project')),
      seed: copyProject(root, join(folder, 'project-seed'), SEED),
    },
    hasPsql: spawnSync('psql', ['--version']).status === 0,
    tell: (text) => void process.stderr.write(`${text}\n`),
    record: (sample) => void samples.push(sample),
  };
  await makeTemplate(bench, server);
  const imports = options.parts.has('imports');
  if (imports) await prepareImports(bench);
  const floors = imports ? STEP_FLOORS.map(({ floor }) => FLOORS[floor].mapping) : [];
  const loaded = new Set(options.parts.has('floor') ? ['students', ...floors] : floors);
  for (const mapping of loaded) await makeCsv(bench, mapping, soqlOf(mapping));
  if (!bench.hasPsql) bench.tell('There is no psql here: the floor uses COPY by the pg package instead.');
  return bench;
}

async function startOrg(students: number, bad = 0): Promise<Org> {
  const org = await openOrg(students, bad);
  closers.push(() => org.close());
  return org;
}

/** Tables, districts, schools and classes by Sluice itself, so that all rivals fill the same tables. */
async function makeTemplate(bench: Bench, server: Server): Promise<void> {
  bench.tell('preparing: tables, districts, schools, classes');
  await server.create(TEMPLATE);
  const args = ['run', '--select', 'districts,schools,classes', '--json'];
  await runMeasured(sluice(bench, { args, database: TEMPLATE }));
  await server.settle(TEMPLATE);
}

function csvOf(mapping: string): string {
  return join(folder, `${mapping}.csv`);
}

async function makeCsv(bench: Bench, mapping: string, soql: string): Promise<void> {
  bench.tell(`preparing: the CSV for the floor of ${mapping}`);
  // Of the others a plain load can take every record.
  if (mapping !== 'students') return downloadCsv(bench.org, soql, csvOf(mapping));
  const raw = join(folder, 'students-raw.csv');
  await downloadCsv(bench.org, soql, raw);
  const records = await cleanCsv(raw, csvOf(mapping));
  bench.tell(`  ${records} students that a plain load can take`);
}

/** @returns what a mapping asks the org, by its name */
async function readSoql(): Promise<(mapping: string) => string> {
  const { project } = await loadProject({ file: join(root, 'sync.config.yaml'), environment: process.env });
  return (name) => {
    const mapping = project?.mappings.find((candidate) => candidate.name === name);
    if (mapping === undefined)
      throw new Error(`the project has errors or no mapping "${name}": run \`npx sluice lint\``);
    return mapping.source.soql.replaceAll(/\s+/g, ' ').trim();
  };
}
