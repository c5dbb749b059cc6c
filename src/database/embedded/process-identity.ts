import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process, told apart from a later one that got the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in whatever form the system gives; '' where it gives none. */
  readonly started: string;
}

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, started: startOf(process.pid) ?? '' };
}

/** What a file says of a process; null when it is not there, or was not written to its end. */
export function readIdentity(file: string): ProcessIdentity | null {
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isIdentity(found) ? found : null;
  } catch {
    return null;
  }
}

function isIdentity(value: unknown): value is ProcessIdentity {
  if (typeof value !== 'object' || value === null || !('pid' in value) || !('started' in value)) return false;
  return typeof value.pid === 'number' && typeof value.started === 'string';
}

/** False for a process that has ended, for a zombie, and for another one under the same number. */
export function isAlive(identity: ProcessIdentity): boolean {
  const started = startOf(identity.pid);
  return started !== null && started === identity.started;
}

/** The command line as one text, null when there is no such process or it is a zombie. */
export function commandLineOf(pid: number): string | null {
  if (process.platform === 'linux') {
    const line = read(`/proc/${pid}/cmdline`);
    return line === null || line === '' ? null : line.replaceAll('\0', ' ');
  }
  if (process.platform === 'win32') return exists(pid) ? '' : null;
  return ask('command', pid);
}

function startOf(pid: number): string | null {
  if (process.platform === 'linux') {
    const stat = read(`/proc/${pid}/stat`);
    if (stat === null) return null;
    // The name in parentheses may hold anything, so count from the last one: state is field 3, start time field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? '');
  }
  if (process.platform === 'win32') return exists(pid) ? '' : null;
  return ask('lstart', pid);
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function ask(what: 'lstart' | 'command', pid: number): string | null {
  const answer = spawnSync('ps', ['-o', `${what}=`, '-p', String(pid)], { encoding: 'utf8' });
  const text = (answer.stdout ?? '').trim();
  return answer.status === 0 && text !== '' ? text : null;
}
