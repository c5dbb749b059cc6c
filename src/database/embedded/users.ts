import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, readIdentity, thisProcess } from './process-identity.ts';

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

/** A file that was half-written belongs to a process that was killed. */
function belongsToLiving(file: string): boolean {
  const identity = readIdentity(file);
  return identity !== null && isAlive(identity);
}
