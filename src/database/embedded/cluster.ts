import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ERRORS } from '../../errors/codes.ts';
import { SyncError } from '../../errors/sync-error.ts';
import type { Binaries } from './binaries.ts';
import { environment, giveTo, type Runner } from './runner.ts';

export const SUPERUSER = 'sluice';

/** A data folder and what is needed to work with it. */
export interface Cluster {
  readonly data: string;
  readonly log: string;
  readonly binaries: Binaries;
  readonly runner: Runner;
}

export interface ProgramEnd {
  readonly status: number | null;
  readonly output: string;
}

/**
 * Makes the data folder.
 * @throws SyncError EMBEDDED_FAILED
 */
export async function createCluster(cluster: Cluster, passwordFile: string): Promise<void> {
  removeDrafts(cluster.data);
  // Made beside its place and moved there whole: `kill -9` in the middle leaves nothing that looks like a cluster.
  const draft = `${cluster.data}.new-${process.pid}`;
  mkdirSync(draft);
  chmodSync(draft, 0o700);
  giveTo(cluster.runner, draft);
  giveTo(cluster.runner, passwordFile);
  const end = await runProgram(cluster, cluster.binaries.initdb, [
    `--pgdata=${draft}`,
    `--username=${SUPERUSER}`,
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ]);
  if (end.status !== 0) {
    rmSync(draft, { recursive: true, force: true });
    throw embeddedFailed(
      `PostgreSQL's initdb ended with ${end.status ?? 'a signal'}`,
      end.output,
      cluster.runner.how === 'user' ? ['Run as an ordinary user, or move the project where all users may read.'] : [],
    );
  }
  renameSync(draft, cluster.data);
}

/** Runs one of PostgreSQL's programs to its end, out of reach of the terminal's Ctrl-C. */
export function runProgram(cluster: Cluster, program: string, args: readonly string[]): Promise<ProgramEnd> {
  const [file, ...rest] = [...cluster.runner.prefix, program, ...args];
  return new Promise((resolve, reject) => {
    const child = spawn(file ?? program, rest, {
      ...cluster.runner.spawn,
      env: environment(cluster.binaries),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output }));
  });
}

/**
 * @param output  what the program said; its end is told
 * @param actions  steps to try before the usual one
 */
export function embeddedFailed(what: string, output: string, actions: readonly string[] = []): SyncError {
  const last = output.trim().split('\n').slice(-3).join(' / ');
  return new SyncError('EMBEDDED_FAILED', last === '' ? `${what}.` : `${what}: ${last}`, {
    actions: [...actions, ERRORS.EMBEDDED_FAILED.next],
  });
}

/** What a killed process left behind. Its initdb may still be at work there; then the next start removes it. */
function removeDrafts(data: string): void {
  const folder = dirname(data);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith(`${basename(data)}.new-`))) {
    try {
      rmSync(join(folder, name), { recursive: true, force: true });
    } catch {
      // Still being written to.
    }
  }
}
