import type { Command } from './child.ts';
import { type MeasureDeps, measure } from './measure.ts';
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
  readonly soql: string;
  readonly csv: string;
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
      BENCH_CSV: bench.csv,
      ...env,
    },
  };
}

/** @returns what the program printed */
export async function time(
  bench: Bench,
  scenario: { name: string; round: number; database: string; command: Command; secondsOf?: (out: string) => number },
): Promise<string> {
  bench.tell(`round ${scenario.round}: ${scenario.name}`);
  return measure(scenario, bench);
}

/** Rows in the four tables, as one line: two loads of the same students must agree. */
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
