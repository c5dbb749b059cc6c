import { afterEach } from '@jest/globals';
import { pino } from 'pino';
import type { Project } from '../../src/config/project.ts';
import { insideTransaction, prepareTables } from '../../src/app/prepare-tables.ts';
import type { Database } from '../../src/database/database.ts';
import { executeRun } from '../../src/engine/execute-run.ts';
import type { RunEvent, RunReport, StepReport } from '../../src/flow/run-events.ts';
import { EVERYTHING, type RunKind, type RunRequest } from '../../src/flow/run-request.ts';
import type { RecordSeal } from '../../src/privacy/seal-record.ts';
import type { BoundFunctions } from '../../src/plugin/bind-functions.ts';
import { connect } from '../../src/salesforce/connect.ts';
import type { Salesforce } from '../../src/salesforce/salesforce.ts';
import { type Org, type OrgOptions, startOrg } from '../../src/simulator/org.ts';
import { prepareState } from '../../src/state/prepare-state.ts';
import { migrateTables } from '../../src/tables/migrate.ts';
import { createTestDatabase } from './database.ts';
import { settingsFor } from './dock.ts';
import { type Files, projectFolder } from './project-folder.ts';
import { projectWithFunctions } from './project.ts';
import type { Template } from './template.ts';

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

/** A simulated org, a database without rows and the project between them; all of it ends with the test. */
export interface Rig {
  readonly functions: BoundFunctions;
  readonly org: Org;
  readonly database: Database;
  /** Where the database is, for who opens it as another user. */
  readonly url: string;
  readonly project: Project;
  run(request?: Partial<RunRequest>, how?: RunOptions): Promise<RunReport>;
  /** The first column of each row, as text. */
  column(sql: string): Promise<string[]>;
  count(sql: string): Promise<number>;
}

interface RunOptions {
  readonly kind?: RunKind;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
  readonly adjust?: (project: Project) => Project;
  /** The key for encrypted records in quarantine. */
  readonly seal?: RecordSeal;
  /** The same database, opened otherwise. */
  readonly database?: Database;
  /** Another org, to which the login leads now. */
  readonly org?: Org;
  /** API calls that the run may make; as many as it likes unless told. */
  readonly budget?: Project['salesforce']['apiBudget'];
  /** Where the log's lines go. */
  readonly log?: (line: string) => void;
}

interface RigOptions {
  readonly adjust?: (project: Project) => Project;
  /** Files of a project of its own, in place of the repository's. */
  readonly files?: Files;
  /** True to read as the project says; else every run reads everything, and a second one says so of each record. */
  readonly incremental?: boolean;
  /** True for a database where nothing was prepared yet; else it has the tables of the project and those of the state. */
  readonly isEmpty?: boolean;
}

export async function openRig(
  options: OrgOptions = {},
  { adjust, files, incremental = false, isEmpty = false }: RigOptions = {},
): Promise<Rig> {
  const org = await startOrg({
    students: 500,
    schools: 12,
    jobPace: { pollsQueued: 0, pollsRunning: 0 },
    ...options,
  });
  open.push(() => org.close());
  const loaded = await projectWithFunctions(files === undefined ? undefined : folderOf(files));
  const read = incremental ? loaded.project : readingEverything(loaded.project);
  const project = adjust?.(read) ?? read;
  const { database, url, drop } = await createTestDatabase('public', isEmpty ? null : prepared(project));
  open.push(drop);
  const rig: Omit<Rig, 'run'> = {
    org,
    database,
    url,
    project,
    functions: loaded.functions,
    async column(sql) {
      const { rows } = await database.query(sql);
      return rows.map((row) => String(Object.values(row)[0]));
    },
    async count(sql) {
      const { rows } = await database.query<{ count: string }>(`SELECT count(*) AS count FROM (${sql}) counted`);
      return Number(rows[0]?.count);
    },
  };
  const usual = files === undefined ? MAIN_JOB : [];
  return { ...rig, run: async (request, how) => run(rig, { select: usual, ...request }, how ?? {}) };
}

const folders = new Map<string, string>();

/** The same folder for the same files, so that they are read once: who writes another file into it removes it again. */
function folderOf(files: Files): string {
  const key = JSON.stringify(files);
  const folder = folders.get(key) ?? projectFolder(files);
  folders.set(key, folder);
  return folder;
}

function prepared({ tables, database: { manage } }: Project): Template {
  const files = manage ? [...tables.values()] : [];
  return {
    key: JSON.stringify(files),
    fill: async (database) => {
      await prepareState(database);
      await migrateTables(database, files);
    },
  };
}

/** What the repository's project is asked for, unless a test says otherwise: students in two phases, and their parents. */
const MAIN_JOB = ['districts', 'schools', 'classes', 'students'];

async function run(
  { org: usual, database: own, project: plain, functions }: Omit<Rig, 'run'>,
  request: Partial<RunRequest>,
  {
    kind = 'run',
    signal = new AbortController().signal,
    onEvent,
    adjust,
    database = own,
    budget,
    org = usual,
    log,
    seal,
  }: RunOptions,
): Promise<RunReport> {
  const project = adjust?.(plain) ?? plain;
  const docks: Salesforce[] = [];
  try {
    return await executeRun(
      { kind, request: { ...EVERYTHING, ...request }, signal, onEvent: onEvent ?? (() => undefined) },
      {
        project,
        database,
        functions,
        salesforce: async () => {
          const known = docks[0];
          if (known !== undefined) return known;
          const salesforce = await connect(settingsFor(org, budget === undefined ? {} : { apiBudget: budget }), {
            env: {},
            signal,
            now: () => new Date(),
            onRetry: () => undefined,
            retries: { firstPauseMs: 1 },
          });
          docks.push(salesforce);
          return salesforce;
        },
        prepareTables: (target) =>
          prepareTables('transaction' in target ? target : insideTransaction(database, target), project),
        keeping: { record: project.privacy.quarantine.record, seal: seal ?? null },
        log: log === undefined ? pino({ level: 'silent' }) : pino({ level: 'debug' }, { write: log }),
        now: () => new Date(),
        host: 'test',
        pid: process.pid,
      },
    );
  } finally {
    for (const dock of docks) await dock.close();
  }
}

export function step(report: RunReport, phase: string, mapping: string): StepReport {
  const found = report.steps.find((candidate) => candidate.phase === phase && candidate.mapping === mapping);
  if (found === undefined) throw new Error(`no step ${phase}/${mapping}`);
  return found;
}

function readingEverything(project: Project): Project {
  return {
    ...project,
    mappings: project.mappings.map((mapping) => ({ ...mapping, incremental: null, deletes: null })),
  };
}

/** The same project with other sizes in every phase. */
export function withSizes(project: Project, batchSize: number, commitSize: number): Project {
  return {
    ...project,
    mappings: project.mappings.map((mapping) => ({
      ...mapping,
      phases: mapping.phases.map((phase) => ({ ...phase, batchSize, commitSize })),
    })),
  };
}

/** The same project, which reads students by Bulk however few there are. */
export function studentsByBulk(project: Project): Project {
  return {
    ...project,
    mappings: project.mappings.map((mapping) =>
      mapping.name === 'students' ? { ...mapping, source: { ...mapping.source, api: 'bulk' } } : mapping,
    ),
  };
}
