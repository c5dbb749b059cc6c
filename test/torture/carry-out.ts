import { pino } from 'pino';
import type { Project } from '../../src/config/project.ts';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import { SyncError } from '../../src/errors/sync-error.ts';
import type { RunReport } from '../../src/flow/run-events.ts';
import { connect, type Salesforce } from '../../src/salesforce/connect.ts';
import { KINDS, type KindName } from './kinds.ts';
import { mortal } from './mortal.ts';
import { perform } from './perform.ts';
import type { RunWay } from './run-way.ts';
import type { Town } from './town.ts';
import type { World } from './world.ts';

/** What became of a run. */
export type RunEnd =
  | {
      readonly how: 'ended';
      readonly reports: readonly RunReport[];
      readonly log: readonly string[];
      readonly differences: readonly string[];
    }
  | { readonly how: 'refused'; readonly error: unknown }
  /** Killed: nobody will ever hear of it again. */
  | { readonly how: 'vanished' };

/** Longer than any run takes, on a machine that does much else. */
const HANGS_MS = 60_000;
const PATIENT = { headersMs: 20_000, answerMs: 20_000, idleMs: 20_000, pageMs: 30_000 };
const IMPATIENT = { headersMs: 60, answerMs: 200, idleMs: 60, pageMs: 1_000 };

/** Requests for a page of a Bulk result. */
const RESULTS = '/jobs/query/[^/]+/results';

let runs = 0;

/** What happens while a run is under way. */
export interface Meanwhile {
  /** In the org, when the run makes one of the requests of `changesAt`. */
  readonly change: () => void;
  /** To be called at each request of a run that is watched. */
  readonly watch: () => Promise<void>;
}

export async function carryOut(way: RunWay, town: Town, world: World, meanwhile: Meanwhile): Promise<RunEnd> {
  runs += 1;
  const name = `torture-${process.pid}-${runs}`;
  const project = projectFor(way, world);
  const { faults, limit, schema } = town.org;
  if (way.hides !== null) schema.hide(way.hides);
  for (const rule of way.faults) faults.add(rule);
  for (const nth of way.changesAt) faults.onRequest({ nth }, meanwhile.change);
  if (way.isWatched) faults.onRequest({ times: 'always' }, meanwhile.watch);
  const ownDatabase = way.kill !== null && way.kill.how !== 'abort';
  const database = ownDatabase
    ? await openDatabase({ url: world.url, schema: 'public', applicationName: name })
    : world.database;
  try {
    return await runWith(way, { project, database, name, town, world });
  } finally {
    faults.clear();
    limit.used = 0;
    if (way.hides !== null) schema.show(way.hides);
    // Not awaited: the pool of a killed run waits for connections that nobody gives back.
    if (ownDatabase) void database.close().catch(() => undefined);
  }
}

interface Surroundings {
  readonly project: Project;
  readonly database: Database;
  /** Of the run's connections. */
  readonly name: string;
  readonly town: Town;
  readonly world: World;
}

async function runWith(way: RunWay, { project, database, name, town, world }: Surroundings): Promise<RunEnd> {
  const stop = new AbortController();
  const vanished = Promise.withResolvers<RunEnd>();
  const docks: Salesforce[] = [];
  const strike = (): void => {
    if (way.kill === null) return;
    if (way.kill.how === 'abort') return stop.abort();
    if (way.kill.how === 'vanish') {
      own.die();
      for (const dock of docks) void dock.close();
    }
    void endConnections(world.database, name).then(
      () => (way.kill?.how === 'vanish' ? vanished.resolve({ how: 'vanished' }) : undefined),
      vanished.reject,
    );
  };
  const own = mortal(database, (nth) => {
    if (way.kill?.of === 'statement' && nth === way.kill.at) strike();
  });
  if (way.kill?.of === 'page') town.org.faults.onRequest({ path: RESULTS, nth: way.kill.at }, strike);
  const now = (): Date => new Date(town.now().getTime() + way.skewMs);
  const salesforce = async (): Promise<Salesforce> => {
    const known = docks[0];
    if (known !== undefined) return known;
    const dock = await connect(
      {
        ...project.salesforce,
        auth: 'client_credentials',
        loginUrl: town.org.url,
        apiBudget: { perRun: way.calls === null ? null : { calls: way.calls }, keepFree: 0 },
        credentials: town.org.credentials,
      },
      {
        env: {},
        signal: stop.signal,
        now,
        onRetry: () => undefined,
        retries: { firstPauseMs: 0, longestPauseMs: 1 },
        deadlines: way.isImpatient ? IMPATIENT : PATIENT,
      },
    );
    docks.push(dock);
    return dock;
  };
  const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
  const lines: string[] = [];
  const differences: string[] = [];
  const run = perform(way, {
    project,
    database: own.database,
    salesforce,
    log,
    now,
    signal: stop.signal,
    select: kindsOf(way, town).map((kind) => KINDS[kind].mapping),
    onDifference: (line) => void differences.push(line),
  }).then(
    (reports): RunEnd => ({ how: 'ended', reports, log: lines, differences }),
    (error: unknown): RunEnd => ({ how: 'refused', error }),
  );
  const hangs = setTimeout(() => {
    vanished.reject(new Error('the run hangs'));
  }, HANGS_MS);
  try {
    return await Promise.race([run, vanished.promise]);
  } finally {
    clearTimeout(hangs);
    for (const dock of docks) await dock.close();
  }
}

/** Waits until they are gone: what they held is free then. */
async function endConnections(database: Database, name: string): Promise<void> {
  await database.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()`,
    [name],
  );
}

/** Kinds of records that a run reads: schools, where there would be none. */
export function kindsOf({ only }: RunWay, { kinds }: Town): readonly KindName[] {
  if (only === null) return kinds;
  const some = kinds.filter((kind) => only.includes(kind));
  return some.length === 0 ? ['school'] : some;
}

function projectFor({ form, setting, api, batchSize, commitSize }: RunWay, { forms }: World): Project {
  const project = forms.get(form);
  if (project === undefined) throw new RangeError(`no form ${form}`);
  return {
    ...project,
    limits: { ...project.limits, deletes: setting.isCautious ? 0.01 : null },
    privacy: { ...project.privacy, quarantine: { record: setting.keeping, retention: null } },
    history: setting.hasHistory ? { keep: 86_400 } : null,
    mappings: project.mappings.map((mapping) => ({
      ...mapping,
      source: { ...mapping.source, api },
      phases: mapping.phases.map((phase) => ({ ...phase, batchSize, commitSize })),
    })),
  };
}

/** True for trouble of the surroundings, which a later run may not have; all else is a mistake of ours. */
export function isExcused({ code }: { readonly code: string }): boolean {
  return code !== 'INTERNAL';
}

export function isExcusedError(error: unknown): boolean {
  return error instanceof SyncError && isExcused(error);
}
