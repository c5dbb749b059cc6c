import { existsSync, linkSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SyncError } from '../../errors/sync-error.ts';
import { isAlive, readIdentity, thisProcess } from './process-identity.ts';

const RETRY_MS = 25;

/**
 * Runs `work` while no other process does so for the same folder. A holder that was killed holds nothing.
 *
 * Each holder takes the next number, a file that says which process it is. The highest number counts, and it is never
 * removed, so two that find the same dead holder race for one name and only one of them can make it: with a single
 * lock file the second would remove the first one's fresh lock.
 * - held: `7` exists, its process is alive, there is no `7.free`
 * - free: `7.free` exists, or the process of `7` is dead
 */
export async function withFolderLock<T>(folder: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true });
  const ticket = await takeTicket(folder, timeoutMs);
  try {
    return await work();
  } finally {
    writeFileSync(join(folder, `${ticket}.free`), '');
  }
}

async function takeTicket(folder: string, timeoutMs: number): Promise<number> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const last = highestTicket(folder);
    if (last === 0 || isFree(folder, last)) {
      const ticket = last + 1;
      if (makeTicket(folder, ticket) && highestTicket(folder) === ticket) {
        removeOlder(folder, ticket);
        return ticket;
      }
    }
    if (performance.now() > deadline) {
      throw new SyncError('EMBEDDED_FAILED', `Another process holds ${folder} for too long.`);
    }
    await wait(RETRY_MS);
  }
}

function highestTicket(folder: string): number {
  return Math.max(0, ...tickets(folder));
}

function tickets(folder: string): number[] {
  return readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function isFree(folder: string, ticket: number): boolean {
  if (existsSync(join(folder, `${ticket}.free`))) return true;
  const holder = readIdentity(join(folder, String(ticket)));
  // A ticket that has gone meanwhile is gone because there is a higher one: look again.
  return holder !== null && !isAlive(holder);
}

/** Linked into place whole, so that nobody ever reads a half-written ticket. */
function makeTicket(folder: string, ticket: number): boolean {
  const draft = join(folder, `draft-${process.pid}-${ticket}`);
  writeFileSync(draft, JSON.stringify(thisProcess()));
  try {
    linkSync(draft, join(folder, String(ticket)));
    return true;
  } catch {
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

function removeOlder(folder: string, ticket: number): void {
  for (const older of tickets(folder).filter((number) => number < ticket)) {
    rmSync(join(folder, String(older)), { force: true });
    rmSync(join(folder, `${older}.free`), { force: true });
  }
}
