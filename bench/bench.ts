import type { Command } from './child.ts';
import { copySql } from './floor.ts';
import { type FloorName, FLOORS } from './floors.ts';
import { type MeasureDeps, measure, type Scenario } from './measure.ts';
import type { Options } from './options.ts';
import { API_VERSION, type Org } from './org.ts';
import type { Server } from './server.ts';

/** What every part of the benchmark works with. */
export interface Bench extends MeasureDeps {
  readonly options: Options;
  readonly root: string;
  readonly server: Server;
  readonly org: Org;
  /** The same org with a hundredth of its students broken. */
  readonly badOrg: Org;
  /** Of the students. */
  readonly soql: string;
  /** What the floor of a mapping loads. */
  readonly csvOf: (mapping: string) => string;
  readonly projects: { readonly usual: string; readonly seed: string };
  readonly hasPsql: boolean;
  readonly tell: (text: string) => void;
}

/** Database with the tables and with districts, schools and classes; every rival begins with a copy of it. */
export const TEMPLATE = 'bench_template';

export interface SluiceCall {
  readonly args: readonly string[];
  readonly database: string;
  readonly org?: Org;
  readonly project?: string;
}

/** The command line as people use it, from its launcher to its exit. */
export function sluice({ root, server, org, projects }: Bench, call: SluiceCall): Command {
  return {
    program: process.execPath,
    args: [`${root}/bin/run.js`, ...call.args, '--config', call.project ?? projects.usual],
    cwd: root,
    env: { ...(call.org ?? org).environment, DATABASE_URL: server.url(call.database), NO_COLOR: '1' },
  };
}

/** One of the programs in bench/rivals. */
export function rival(bench: Bench, program: string, database: string, env: Record<string, string> = {}): Command {
  return {
    program: process.execPath,
    args: [`${bench.root}/bench/rivals/${program}.ts`],
    env: {
      DATABASE_URL: bench.server.url(database),
      BENCH_ORG_URL: bench.org.url,
      BENCH_ORG_TOKEN: bench.org.token,
      BENCH_API_VERSION: API_VERSION,
      BENCH_SOQL: bench.soql,
      ...env,
    },
  };
}

/** PostgreSQL alone, asked by psql where there is one. */
export function floorCommand(bench: Bench, database: string, name: FloorName): Command {
  const floor = FLOORS[name];
  const csv = bench.csvOf(floor.mapping);
  if (!bench.hasPsql) return rival(bench, 'copy-csv', database, { BENCH_FLOOR: name, BENCH_CSV: csv });
  return {
    program: 'psql',
    args: ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', bench.server.url(database)],
    input: [floor.createStaging, copySql(floor, `'${csv}'`).replace('COPY', String.raw`\copy`), floor.load].join('\n'),
  };
}

/** @returns what the program printed */
export async function time(bench: Bench, scenario: Scenario): Promise<string> {
  bench.tell(`round ${scenario.round}: ${scenario.name}`);
  return measure(scenario, bench);
}

/** Rows in the students' four tables, as one line: two loads of the same students must agree. */
export async function rowCounts(bench: Bench, database: string): Promise<string> {
  const [row] = await bench.server.query<Record<string, string>>(
    database,
    `SELECT (SELECT count(*) FROM contact) AS contact, (SELECT count(*) FROM student) AS student,
            (SELECT count(*) FROM email) AS email, (SELECT count(*) FROM phone) AS phone,
            (SELECT count(class_salesforce_id) FROM student) AS "in classes"`,
  );
  return Object.entries(row ?? {})
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}
