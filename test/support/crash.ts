import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '../../src/database/database.ts';
import { startEmbedded, stopEmbedded } from '../../src/database/embedded/start-embedded.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import { openTestProject, type Printed, type Running, startSluice, type TestProject } from './cli.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

/** Students in the org, records of a result page, records of a commit. */
export const STUDENTS = 3_000;
export const PAGE = 900;
export const COMMIT = 300;

/** What an import of the project has made, without the numbers and times that the database gives. */
const PICTURE = `SELECT md5(string_agg(row::text, E'\\n' ORDER BY row::text)) AS picture FROM (
  SELECT c.salesforce_individual_id, c.first_name, c.last_name, c.birthdate, c.gender, s.school_id, s.current_grade,
    s.class_salesforce_id,
    (SELECT string_agg(e.email, ' ' ORDER BY e.email) FROM email e WHERE e.contact_id = c.id) AS emails,
    (SELECT string_agg(p.number, ' ' ORDER BY p.number) FROM phone p WHERE p.contact_id = c.id) AS phones
  FROM contact c JOIN student s USING (id)) row`;

/** Waits until something is so: there is nothing that could tell. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 120_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`it never came about: ${what}`);
    await wait(20);
  }
}

export interface CrashSite {
  readonly project: TestProject;
  /** Of an import that nothing has disturbed. */
  readonly picture: string;
  close(): Promise<void>;
}

/** A project with its org, imported once into a database beside. */
export async function openCrashSite(): Promise<CrashSite> {
  const project = await openTestProject({
    students: STUDENTS,
    scale: STUDENTS / 145_266,
    bulkPageSize: PAGE,
    jobPace: { pollsQueued: 0, pollsRunning: 0 },
  });
  project.edit('mappings/students.yaml', (text) =>
    text.replace(/^ {2}people:.*$/m, `  people: { batch_size: ${COMMIT}, commit_size: ${COMMIT} }`),
  );
  const { exitCode, stderr } = await startSluice(['run', ...project.config], project.environment).ended;
  if (exitCode !== 0) throw new Error(`the undisturbed import ended with ${exitCode}: ${stderr}`);
  return { project, picture: await pictureOf(project.target), close: () => project.close() };
}

export async function pictureOf({ database }: Pick<TestDatabase, 'database'>): Promise<string> {
  const { rows } = await database.query<{ picture: string }>(PICTURE);
  return rows[0]?.picture ?? '';
}

/** A database that the tool works on and is killed at. */
export interface Scene {
  readonly target: Pick<TestDatabase, 'database' | 'url'>;
  start(...argv: string[]): Running;
  /** The same, with another org. */
  startWith(environment: Readonly<Record<string, string>>, ...argv: string[]): Running;
  /** kill -9, as it is; waits until the server has noticed. */
  kill(running: Running): Promise<void>;
  count(sql: string): Promise<number>;
  /** Records of students that commits have taken so far, over all runs. */
  taken(): Promise<number>;
}

function openScene(site: CrashSite, target: Pick<TestDatabase, 'database' | 'url'>): Scene {
  const { project } = site;
  const count = async (sql: string): Promise<number> => {
    const { rows } = await target.database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`);
    return rows[0]?.n ?? -1;
  };
  const startWith: Scene['startWith'] = (other, ...argv) =>
    startSluice([...argv, ...project.config], { ...project.environment, ...other, DATABASE_URL: target.url });
  return {
    target,
    count,
    start: (...argv) => startWith({}, ...argv),
    startWith,
    kill: async (running) => {
      running.child.kill('SIGKILL');
      await running.ended;
      await until('the lock is free', async () => (await count("pg_locks WHERE locktype = 'advisory'")) === 0);
    },
    taken: async () => {
      if ((await count("pg_class WHERE relname = 'slice'")) === 0) return 0;
      const { rows } = await target.database.query<{ n: number }>(
        `SELECT coalesce(sum(records), 0)::int AS n FROM sluice.slice JOIN sluice.step s ON s.id = step_id
         WHERE mapping = 'students' AND phase = 'people'`,
      );
      return rows[0]?.n ?? 0;
    },
  };
}

export async function openNewScene(site: CrashSite): Promise<Scene & { drop(): Promise<void> }> {
  const target = await createTestDatabase();
  return { ...openScene(site, target), drop: () => target.drop() };
}

/** Runs until one ends with 0. @returns how each has ended */
export async function runToTheEnd(
  scene: Scene,
  environment: Readonly<Record<string, string>> = {},
): Promise<readonly Printed[]> {
  const ends: Printed[] = [];
  for (;;) {
    const ended = await scene.startWith(environment, 'run', '--json').ended;
    ends.push(ended);
    if (ended.exitCode === 0) return ends;
    if (ends.length > 3) throw new Error(`it does not come to an end: ${ended.stderr}${ended.stdout}`);
  }
}

/** A database server of its own, which waits for its disk as it does in earnest. */
interface Server {
  readonly scene: Scene;
  kill(): void;
  /** Starts it again at the same place. */
  again(): Promise<Scene>;
  stop(): Promise<void>;
}

export async function openServer(site: CrashSite): Promise<Server> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-crash-'));
  const started = await startEmbedded({ folder });
  const { url } = started;
  const databases = [await openDatabase({ url, schema: 'public' })];
  const sceneOf = (database: Database): Scene => openScene(site, { database, url });
  return {
    scene: sceneOf(databases[0] ?? (await openDatabase({ url, schema: 'public' }))),
    kill: () => {
      const [pid = ''] = readFileSync(path.join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n');
      process.kill(Number(pid), 'SIGKILL');
    },
    again: async () => {
      await startEmbedded({ folder, settings: { port: new URL(url).port } });
      const database = await openDatabase({ url, schema: 'public' });
      databases.push(database);
      return sceneOf(database);
    },
    stop: async () => {
      for (const database of databases) await database.close().catch(() => undefined);
      await stopEmbedded(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface OrgProcess {
  readonly port: string;
  readonly environment: Readonly<Record<string, string>>;
  kill(): Promise<void>;
}

/** `sluice org start`, with the same records as the org of the site. @param port  `0` for any */
export async function startOrgProcess(port: string): Promise<OrgProcess> {
  const running = startSluice(['org', 'start', '--port', port, '--students', String(STUDENTS)], { NO_COLOR: '1' });
  await running.shown('Stop it with Ctrl-C');
  const variable = (name: string): string => running.printed(new RegExp(`(?<=${name}=)\\S+`));
  const names = ['SF_LOGIN_URL', 'SF_CLIENT_ID', 'SF_CLIENT_SECRET'];
  const environment = Object.fromEntries(names.map((name) => [name, variable(name)]));
  return {
    port: new URL(environment['SF_LOGIN_URL'] ?? '').port,
    environment,
    kill: async () => {
      running.child.kill('SIGKILL');
      await running.ended;
    },
  };
}
