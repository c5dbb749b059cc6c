import { once } from 'node:events';
import { hostname } from 'node:os';
import path from 'node:path';
import type { Logger } from 'pino';
import { listenForInterrupt } from './app/interrupt.ts';
import { keepMemoryFlat } from './app/flat-memory.ts';
import type { SimulatedOrgSize } from './app/simulated-org.ts';
import { withSmallBatches } from './app/small-batches.ts';
import { recordKeeping, requireKey } from './app/record-keeping.ts';
import { faultText, functionsOf, pluginShelf } from './app/plugin-shelf.ts';
import { closing } from './app/closing.ts';
import { connectDatabase, connectOrg, embeddedUrl, emptyEmbedded } from './app/connections.ts';
import { inAdvance, shared } from './app/opening.ts';
import { stateFolder } from './app/state-folder.ts';
import type { Environment } from './config/interpolate.ts';
import type { LoadedProject, LoadRequest } from './config/load-project.ts';
import type { Project } from './config/project.ts';
import type { Database } from './database/database.ts';
import { EXIT } from './errors/codes.ts';
import type { RunReport } from './flow/run-events.ts';
import type { RunCall } from './flow/run-request.ts';
import type { LogLevel } from './log/log.ts';
import { planRun } from './plan/plan-run.ts';
import type { Fault } from './plugin/fault.ts';
import type { LoadedPlugin } from './plugin/loaded-plugin.ts';
import type { RecordKeeping } from './privacy/seal-record.ts';
import type { Salesforce } from './salesforce/salesforce.ts';
import type { PipelineStatus } from './state/status.ts';

export interface AppOptions {
  /** The project file; null for the nearest one upward from the working directory. */
  readonly configPath: string | null;
  readonly logLevel: LogLevel;
  /** null for .sluice/logs/sluice.log in the project's folder; `-` for stderr. */
  readonly logFile: string | null;
  readonly lowMemory: boolean;
  /** Tells a person what they must know whatever the command: that the org is simulated. */
  readonly notice: (text: string) => void;
  /** Tells a person what is going on. */
  readonly tell: (text: string) => void;
  readonly environment?: Environment;
  /** The simulated org's size, where a command sets it. */
  readonly simulatedOrg?: SimulatedOrgSize;
  /** Only the project file counts: tables and mappings may be missing or wrong, and the project has none. */
  readonly settingsOnly?: boolean;
  /** Changes the settings of the project file, before anything is opened. */
  readonly adjust?: (project: Project) => Project;
}

/** What a command works with. Everything is opened when it is first asked for. */
export interface App {
  readonly project: Project;
  readonly plugins: readonly LoadedPlugin[];
  readonly log: Logger;
  /** What is kept of a record in quarantine, and the key for it where there is one. */
  readonly keeping: RecordKeeping;
  /**
   * @param sealedBy  keys by which records were encrypted that are to be opened
   * @throws SyncError QUARANTINE_KEY_MISSING when that, or the encrypting of others, takes a key that is not here
   */
  requireKey(sealedBy: readonly string[]): void;
  /** Aborts when the person or the system asks the process to end. */
  readonly signal: AbortSignal;
  database(): Promise<Database>;
  /** Address of the embedded server, which is started when it does not run. */
  embeddedUrl(): Promise<string>;
  /** Throws away what the embedded database holds: target tables and state. */
  emptyEmbedded(): Promise<void>;
  /** The same database with Sluice's own schema in it, made or migrated. */
  state(): Promise<Database>;
  salesforce(): Promise<Salesforce>;
  run(call: Omit<RunCall, 'signal'>): Promise<RunReport>;
  /**
   * How far the mappings are.
   * @param top  how many missing parents are named for each link
   * @param names  of the mappings that are asked for; all of them unless told
   */
  status(top: number, names?: ReadonlySet<string>): Promise<PipelineStatus>;
  /** Trouble of the database as a SyncError with its code; any other error as it is. */
  inOurWords(error: unknown): Promise<unknown>;
  /** Waits until a signal ends the command, which is then well done: for servers in the foreground. */
  untilStopped(): Promise<void>;
  /** Closes in reverse what was opened. Safe to call twice. */
  close(): Promise<void>;
}

/** @throws SyncError CONFIG_* when the project cannot be read; nothing is open then */
export async function openApp(options: AppOptions): Promise<App> {
  const environment = options.environment ?? process.env;
  const shelf = pluginShelf();
  const located = { ...(await locateProject(options.configPath, environment)), loadFunctions: shelf.load };
  const project = adjusted(await (options.settingsOnly === true ? readSettings : readWhole)(located), options);
  const plugins = shelf.plugins();
  const { openLog } = await import('./log/log.ts');
  const log = openLog({
    level: options.logLevel,
    file: logFileOf(options, project),
    onTrouble: (code) => options.notice(`The log cannot be written (${code}); the command goes on without it.`),
  });
  const opened = closing((error) => log.warn({ err: error }, 'could not close'));
  // The run that is under way hears of what the docks do.
  let running: RunCall['onEvent'] | null = null;
  let waiting = false;
  const interrupt = listenForInterrupt({
    process,
    clock: () => performance.now(),
    onFirst: (signal) => {
      log.warn({ signal }, 'interrupted');
      if (waiting) return;
      options.tell('Interrupted: the open commit is finished or rolled back. Once more to stop at once.');
      // A run ends by itself and says where; anything else has nothing to finish.
      if (running === null) void opened.close().then(() => process.exit(EXIT.interrupted));
    },
    onSecond: () => process.exit(EXIT.interrupted),
  });
  opened.add(async () => interrupt.stop());

  const ended = new AbortController();
  const deps = {
    project,
    environment,
    log,
    closing: opened,
    notice: options.notice,
    // A login that has begun in advance must not outlive the command.
    signal: AbortSignal.any([interrupt.signal, ended.signal]),
    onRetry: (retry: { what: string; code: string; waitMs: number }): void => {
      log.warn(retry, 'trying again');
      running?.({ type: 'retry', ...retry });
    },
  };
  const keeping = recordKeeping(project, environment);
  const database = shared(async () => fromNowOnFlat(await connectDatabase(deps)));
  const state = shared(async () => {
    const { prepareState } = await import('./state/prepare-state.ts');
    const found = await database();
    await prepareState(found);
    return found;
  });
  const salesforce = shared(async () => fromNowOnFlat(await connectOrg(deps, options.simulatedOrg ?? null)));
  return {
    project,
    plugins,
    log,
    keeping,
    requireKey: (sealedBy) => requireKey(keeping, environment, sealedBy),
    signal: interrupt.signal,
    database,
    embeddedUrl: () => embeddedUrl(project, opened),
    emptyEmbedded: async () => emptyEmbedded(await database(), project),
    state,
    salesforce,
    close: () => {
      ended.abort();
      return opened.close();
    },
    inOurWords: async (error) => {
      const { toSyncError } = await import('./database/database-error.ts');
      return toSyncError(error);
    },
    untilStopped: async () => {
      waiting = true;
      // A listener for signals does not keep a process alive; a timer does.
      const alive = setInterval(() => undefined, 60_000);
      if (!interrupt.signal.aborted) await once(interrupt.signal, 'abort');
      clearInterval(alive);
    },
    status: async (top, names) => {
      const { statusOf } = await import('./app/status-of.ts');
      const mappings = project.mappings.filter(({ name }) => names?.has(name) ?? true);
      return statusOf(await state(), { project, mappings, top });
    },
    run: async (call) => {
      requireKey(keeping, environment, []);
      running = call.onEvent;
      try {
        const { notice } = options;
        const runDeps = { project, plugins, log, keeping, database, salesforce, notice };
        return await carryOut({ ...call, signal: interrupt.signal }, runDeps);
      } finally {
        running = null;
      }
    },
  };
}

/**
 * Records can come as soon as there is somebody to ask for them. Not before: what a program loads as it starts is no
 * garbage, and would be looked through again and again.
 */
function fromNowOnFlat<T>(opened: T): T {
  keepMemoryFlat();
  return opened;
}

/** Reads the project that a command works on. @throws SyncError CONFIG_* with every problem in `details` */
export async function readProject(configPath: string | null, environment: Environment = process.env): Promise<Project> {
  return readWhole(await locateProject(configPath, environment));
}

async function readWhole(located: LoadRequest): Promise<Project> {
  const { loadProject } = await import('./config/load-project.ts');
  return soundProject(await loadProject(located));
}

async function readSettings(located: LoadRequest): Promise<Project> {
  const { loadSettings } = await import('./config/load-settings.ts');
  return soundProject(await loadSettings(located));
}

async function soundProject({ project, problems }: LoadedProject): Promise<Project> {
  if (project !== null) return project;
  const { configError } = await import('./config/config-error.ts');
  throw configError(problems);
}

/** What is needed to read a project. */
export type Located = Required<LoadRequest>;

/**
 * @param configPath  what `--config` names; null for the nearest project file upward
 * @returns what is needed to read the project. @throws SyncError CONFIG_NOT_FOUND
 */
export async function locateProject(
  configPath: string | null,
  environment: Environment = process.env,
): Promise<Located> {
  const { load: loadFunctions } = pluginShelf();
  const { findProjectFile } = await import('./config/find-project-file.ts');
  const file = configPath ?? (await findProjectFile(process.cwd()));
  const { parsedFiles } = await import('./config/parsed-files.ts');
  const parsed = parsedFiles(path.join(stateFolder({ folder: path.dirname(file) }), 'parsed-yaml.json'));
  return { file, environment, loadFunctions, parsed };
}

async function carryOut(
  call: RunCall,
  deps: Pick<App, 'project' | 'plugins' | 'log' | 'keeping' | 'database' | 'salesforce'> & Pick<AppOptions, 'notice'>,
): Promise<RunReport> {
  const { project, plugins, log } = deps;
  const salesforce = asksOrg(call, project) ? inAdvance(deps.salesforce) : deps.salesforce;
  const onFault = (fault: Fault): void => {
    log.warn({ rule: fault.function, file: fault.file, what: fault.what }, 'a plugin failed');
    deps.notice(faultText(fault));
  };
  const { executeRun } = await import('./engine/execute-run.ts');
  const { insideTransaction, prepareTables } = await import('./app/prepare-tables.ts');
  const database = await deps.database();
  const report = await executeRun(call, {
    project,
    database,
    salesforce,
    functions: await functionsOf(plugins, onFault),
    prepareTables: (target) =>
      prepareTables('transaction' in target ? target : insideTransaction(database, target), project),
    keeping: deps.keeping,
    log,
    now: () => new Date(),
    host: hostname(),
    pid: process.pid,
  });
  // A plan is no run: nobody needs to be told of it.
  if (call.kind === 'run' && plugins.some(({ notifiers }) => notifiers.length > 0)) {
    const { runNotifiers } = await import('./plugin/run-notifiers.ts');
    await runNotifiers(plugins, report, { log, onFault });
  }
  return report;
}

/** Links alone, files, and records from quarantine need no org, or not before somebody has looked. */
function asksOrg({ request }: RunCall, project: Project): boolean {
  if (request.only?.kind === 'quarantine') return false;
  return planRun(project, request).steps.some(({ kind, mapping }) => kind === 'read' && mapping.source.file === null);
}

function adjusted(project: Project, { adjust, lowMemory }: AppOptions): Project {
  const changed = adjust?.(project) ?? project;
  return lowMemory ? withSmallBatches(changed) : changed;
}

function logFileOf({ logFile }: AppOptions, project: Project): string | null {
  if (logFile === '-') return null;
  return logFile ?? path.join(stateFolder(project), 'logs', 'sluice.log');
}
