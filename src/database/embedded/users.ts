import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, type ProcessIdentity, thisProcess } from './process-identity.ts';

/** Who uses the server: a file for each, named by process, so that the last one out can tell that it is the last. */
export interface UserList {
  /** @returns takes this user off the list again */
  add(): () => void;
  /** Users whose process lives; forgets the others. */
  count(): number;
}

let registrations = 0;

/** All calls must be made under the folder's lock. */
export function userList(folder: string): UserList {
  return {
    add() {
      mkdirSync(folder, { recursive: true });
      registrations += 1;
      const file = join(folder, `${process.pid}-${registrations}`);
      writeFileSync(file, JSON.stringify(thisProcess()));
      return () => rmSync(file, { force: true });
    },
    count() {
      mkdirSync(folder, { recursive: true });
      const files = readdirSync(folder).map((name) => join(folder, name));
      for (const file of files.filter((path) => !belongsToLiving(path))) rmSync(file, { force: true });
      return readdirSync(folder).length;
    },
  };
}

function belongsToLiving(file: string): boolean {
  try {
    return isAlive(JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity);
  } catch {
    // Half-written by a process that was killed in the middle.
    return false;
  }
}
