import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Cluster, embeddedFailed, runProgram } from './cluster.ts';
import { commandLineOf } from './process-identity.ts';
import { environment } from './runner.ts';

const POLL_MS = 10;
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 120_000;
const START_ATTEMPTS = 5;
const LOG_LIMIT_BYTES = 5_000_000;

/** `ready` takes connections; otherwise the server is on its way up or down. */
export interface RunningServer {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

export type ServerSettings = Readonly<Record<string, string>>;

/** Loopback only, and nothing in the log that a statement or a row holds. */
const SETTINGS: ServerSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  wal_level: 'minimal',
  max_wal_senders: '0',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
};

/** @returns null when no server works on this data folder, whatever an old `postmaster.pid` says */
function runningServer(data: string): RunningServer | null {
  const lines = readLines(join(data, 'postmaster.pid'));
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  // The number may belong to another program by now.
  const command = commandLineOf(pid);
  if (command === null || (process.platform !== 'win32' && !command.includes(data))) return null;
  return { pid, port: Number(lines[3] ?? 0), ready: (lines[7] ?? '').trim() === 'ready' };
}

/**
 * @returns once the server takes connections; also when it was up already, perhaps left by a tool that was killed
 * @throws SyncError EMBEDDED_FAILED
 */
export async function ensureServer(cluster: Cluster, settings: ServerSettings): Promise<RunningServer> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  let running = runningServer(cluster.data);
  while (running !== null) {
    if (running.ready) return running;
    if (performance.now() > deadline) throw embeddedFailed('The server neither starts nor stops', '');
    await wait(POLL_MS);
    running = runningServer(cluster.data);
  }
  return startServer(cluster, settings);
}

/** Fast shutdown: open transactions are rolled back, everything committed is written. */
export async function stopServer(cluster: Cluster): Promise<void> {
  const running = runningServer(cluster.data);
  if (running === null) return;
  if (process.platform === 'win32') {
    await runProgram(cluster, cluster.binaries.pgCtl, ['stop', '-D', cluster.data, '-m', 'fast', '-w']);
    return;
  }
  signal(running.pid);
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  while (runningServer(cluster.data) !== null) {
    if (performance.now() > deadline) throw embeddedFailed('The server does not stop', '');
    await wait(POLL_MS);
  }
}

async function startServer(cluster: Cluster, settings: ServerSettings): Promise<RunningServer> {
  for (let attempt = 1; ; attempt += 1) {
    const logStart = openedLogSize(cluster.log);
    // Nobody works here (`runningServer` has looked), but its number may be another program's now, and then the
    // server would refuse to start.
    rmSync(join(cluster.data, 'postmaster.pid'), { force: true });
    const child = launch(cluster, { ...SETTINGS, port: String(await freePort()), ...settings });
    const running = await waitUntilReady(cluster, child);
    if (running !== null) {
      child.unref();
      return running;
    }
    // Another program took the port, or processes of a killed server are still on their way out.
    if (attempt === START_ATTEMPTS) throw embeddedFailed('The server did not start', logSince(cluster.log, logStart));
    await wait(100 * attempt);
  }
}

function launch(cluster: Cluster, settings: ServerSettings): ChildProcess {
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [file, ...args] = [...cluster.runner.prefix, cluster.binaries.postgres, '-D', cluster.data, ...options];
  const log = openSync(cluster.log, 'a');
  try {
    return spawn(file ?? cluster.binaries.postgres, args, {
      ...cluster.runner.spawn,
      env: environment(cluster.binaries),
      // A session of its own: Ctrl-C in the terminal goes to the tool, which finishes its commit first.
      detached: true,
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

/** @returns null when the server ended instead */
async function waitUntilReady(cluster: Cluster, child: ChildProcess): Promise<RunningServer | null> {
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  child.once('error', () => ended.abort());
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!ended.signal.aborted) {
    const running = runningServer(cluster.data);
    if (running?.ready === true) return running;
    if (performance.now() > deadline) {
      child.kill('SIGQUIT');
      return null;
    }
    await wait(POLL_MS);
  }
  return null;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    // It has ended meanwhile.
  }
}

function openedLogSize(log: string): number {
  const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= LOG_LIMIT_BYTES) return size;
  truncateSync(log);
  return 0;
}

function logSince(log: string, start: number): string {
  try {
    return readFileSync(log).subarray(start).toString('utf8');
  } catch {
    return '';
  }
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}
