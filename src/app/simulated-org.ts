import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { SyncError } from '../errors/sync-error.ts';
import type { Org, OrgOptions } from '../simulator/org.ts';
import { listenForInterrupt } from './interrupt.ts';

/** How large the simulated org is. */
export interface SimulatedOrgSize {
  /** Everything else grows with them; null for the full size. */
  readonly students: number | null;
  /** Share of the students, 0 to 1, that no mapping can take; null for none beside the usual dirt. */
  readonly bad: number | null;
}

/** How an org that a tester starts behaves; null for what it does by itself. */
export interface ServedOrg extends SimulatedOrgSize {
  readonly port: number;
  readonly seed: number | null;
  /** API requests a day. */
  readonly dailyLimit: number | null;
  /** A Bulk query that means more rows fails. */
  readonly timeoutRows: number | null;
  /** A file that keeps what is changed in the org. */
  readonly keep: string | null;
}

/** A simulated org that listens, and the environment variables with which a project logs in. */
export interface SimulatedOrg {
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Where it says 178 schools there are 145,266 students. */
const FULL_SIZE = 145_266;
const START_TIMEOUT_MS = 30_000;

/**
 * Starts the org as a process of its own, so that its memory and CPU time are not ours, on any free port.
 * @throws SyncError ORG_UNREACHABLE when it does not start
 */
export async function startSimulatedOrg(size: SimulatedOrgSize): Promise<SimulatedOrg> {
  const child = spawn(process.execPath, [entry(), ...argumentsOf(size)], {
    // Its input is a pipe that closes with us: even after kill -9 no org is left behind.
    stdio: ['pipe', 'pipe', 'inherit'],
    // A session of its own: Ctrl-C in the terminal goes to us, and the open commit may still need the org.
    detached: true,
  });
  const { url, credentials } = await announcement(child);
  return { url, environment: environmentOf({ url, credentials }), close: () => stop(child) };
}

/**
 * Serves the org in this process until a signal ends it.
 * @throws SyncError USAGE_INVALID where the port is taken, or the file of changes is that of another org
 */
export async function serveSimulatedOrg(
  served: ServedOrg,
): Promise<SimulatedOrg & { readonly stopped: Promise<void> }> {
  const [{ startOrg }, { ForeignJournalError }] = await Promise.all([
    import('../simulator/org.ts'),
    import('../simulator/journal.ts'),
  ]);
  const org = await startOrg(servedOptions(served)).catch((cause: unknown) => {
    if (cause instanceof ForeignJournalError) {
      throw new SyncError('USAGE_INVALID', `${cause.message}: name another file after --keep.`, { cause });
    }
    if (!(cause instanceof Error) || !('code' in cause) || cause.code !== 'EADDRINUSE') throw cause;
    throw new SyncError('USAGE_INVALID', `Port ${served.port} is taken: name another one after --port.`, { cause });
  });
  const interrupt = listenForInterrupt({
    process,
    clock: () => performance.now(),
    onFirst: () => undefined,
    onSecond: () => process.exit(),
  });
  const close = async (): Promise<void> => {
    interrupt.stop();
    await org.close();
  };
  const stopped = new Promise<void>((resolve, reject) => {
    interrupt.signal.addEventListener('abort', () => void close().then(resolve, reject), { once: true });
  });
  return { url: org.url, environment: environmentOf(org), close, stopped };
}

function optionsOf({ students, bad }: SimulatedOrgSize): OrgOptions {
  return {
    ...(students === null ? {} : { students, scale: students / FULL_SIZE }),
    ...(bad === null ? {} : { badStudents: bad }),
  };
}

function servedOptions({ port, seed, dailyLimit, timeoutRows, keep, ...size }: ServedOrg): OrgOptions {
  return {
    port,
    ...optionsOf(size),
    ...(seed === null ? {} : { seed }),
    ...(dailyLimit === null ? {} : { dailyApiRequests: dailyLimit }),
    ...(timeoutRows === null ? {} : { bulkTimeoutRows: timeoutRows }),
    ...(keep === null ? {} : { keep }),
  };
}

function argumentsOf({ students, bad }: SimulatedOrgSize): string[] {
  return [
    ...(students === null ? [] : ['--students', String(students), '--scale', String(students / FULL_SIZE)]),
    ...(bad === null ? [] : ['--bad-students', String(bad)]),
  ];
}

function environmentOf({ url, credentials }: Announced): Record<string, string> {
  return {
    SF_AUTH: 'client_credentials',
    SF_LOGIN_URL: url,
    SF_CLIENT_ID: credentials.clientId,
    SF_CLIENT_SECRET: credentials.clientSecret,
  };
}

type Announced = Pick<Org, 'url' | 'credentials'>;

/** Node runs the file that belongs to this one: dist/simulator/main.js when built, else the source. */
function entry(): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`../simulator/main.${extension}`, import.meta.url));
}

/** The one line of JSON that the process prints when it listens. */
function announcement(child: ChildProcess): Promise<Announced> {
  return new Promise((resolve, reject) => {
    const fail = (): void => {
      clearTimeout(timer);
      child.kill();
      reject(new SyncError('ORG_UNREACHABLE', 'The simulated org did not start.'));
    };
    const timer = setTimeout(fail, START_TIMEOUT_MS);
    child.once('error', fail);
    child.once('exit', fail);
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer);
      child.off('exit', fail);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own process says it
      resolve(JSON.parse(line) as Announced);
    });
  });
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill();
  });
}
