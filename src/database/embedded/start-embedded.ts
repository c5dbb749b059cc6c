import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findBinaries } from './binaries.ts';
import { type Cluster, createCluster, embeddedFailed, runProgram, SUPERUSER } from './cluster.ts';
import { withFolderLock } from './folder-lock.ts';
import { chooseRunner } from './runner.ts';
import { ensureServer, type ServerSettings, stopServer } from './server.ts';
import { userList } from './users.ts';

export interface EmbeddedOptions {
  /** Where the data lives, for example `.sluice`; made when missing. */
  readonly folder: string;
  /** Server settings beside our own; only whoever starts the server decides. */
  readonly settings?: ServerSettings;
}

export interface Embedded {
  readonly url: string;
  /** For example `18.4`. */
  readonly version: string;
  /** Tells that this process needs the server no longer; the last one stops it. Safe to call twice. */
  release(): Promise<void>;
}

const LOCK_TIMEOUT_MS = 120_000;

/**
 * Makes sure that the folder's own PostgreSQL runs, shared by every process that asks for it.
 * A server that outlived its tool is taken over; users that were killed do not count.
 * @throws SyncError EMBEDDED_UNAVAILABLE, EMBEDDED_FAILED
 */
export async function startEmbedded({ folder, settings = {} }: EmbeddedOptions): Promise<Embedded> {
  const paths = pathsIn(folder);
  mkdirSync(paths.folder, { recursive: true });
  const cluster = clusterIn(paths);
  return withFolderLock(paths.lock, LOCK_TIMEOUT_MS, async () => {
    const password = passwordIn(paths.password);
    const version = await versionOf(cluster);
    if (!existsSync(join(cluster.data, 'PG_VERSION'))) await createCluster(cluster, paths.password);
    else refuseOtherMajor(cluster.data, version);
    const removeUser = userList(paths.users).add();
    try {
      const server = await ensureServer(cluster, settings);
      return {
        url: `postgres://${SUPERUSER}:${password}@127.0.0.1:${server.port}/postgres`,
        version,
        release: () => release(paths, cluster, removeUser),
      };
    } catch (error) {
      removeUser();
      throw error;
    }
  });
}

/** Stops the folder's server whoever uses it. */
export async function stopEmbedded(folder: string): Promise<void> {
  const paths = pathsIn(folder);
  if (!existsSync(paths.data)) return;
  const cluster = clusterIn(paths);
  await withFolderLock(paths.lock, LOCK_TIMEOUT_MS, () => stopServer(cluster));
}

async function release(paths: Paths, cluster: Cluster, removeUser: () => void): Promise<void> {
  await withFolderLock(paths.lock, LOCK_TIMEOUT_MS, async () => {
    removeUser();
    if (userList(paths.users).count() === 0) await stopServer(cluster);
  });
}

interface Paths {
  readonly folder: string;
  readonly data: string;
  readonly log: string;
  readonly password: string;
  readonly users: string;
  readonly lock: string;
  readonly libraries: string;
}

function pathsIn(folder: string): Paths {
  const absolute = resolve(folder);
  return {
    folder: absolute,
    data: join(absolute, 'postgres'),
    log: join(absolute, 'postgres.log'),
    password: join(absolute, 'postgres-password'),
    users: join(absolute, 'postgres-users'),
    lock: join(absolute, 'postgres-lock'),
    libraries: join(absolute, 'postgres-lib'),
  };
}

function clusterIn(paths: Paths): Cluster {
  const binaries = findBinaries(paths.libraries);
  return { data: paths.data, log: paths.log, binaries, runner: chooseRunner(binaries, paths.data) };
}

/** Loopback is open to every user of the machine, so the server asks for a password that only this folder knows. */
function passwordIn(file: string): string {
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8').trim();
}

async function versionOf(cluster: Cluster): Promise<string> {
  const { status, output } = await runProgram(cluster, cluster.binaries.postgres, ['--version']);
  const version = /\d+(\.\d+)?/.exec(output)?.[0];
  if (status !== 0 || version === undefined) throw embeddedFailed('PostgreSQL does not run on this machine', output);
  return version;
}

function refuseOtherMajor(data: string, version: string): void {
  const made = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (made !== version.split('.')[0]) {
    throw embeddedFailed(`${data} was made by PostgreSQL ${made} and this is ${version}; move it away`, '');
  }
}
