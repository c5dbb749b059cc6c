import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** In memory, on Linux. On a disk, each commit takes milliseconds to empty its temporary tables, whatever fsync says. */
const IN_MEMORY = '/dev/shm';
const ENOUGH_BYTES = 4 * 1024 ** 3;

/** Where the servers of test runs may have their folders; the best place is the first. */
export function serverPlaces(): readonly string[] {
  return hasRoom(IN_MEMORY) ? [IN_MEMORY, tmpdir()] : [tmpdir()];
}

/** The folder of a run's server, for whatever else belongs to the run too: it goes with the run. */
export function serverFolder(): string {
  const [place = tmpdir()] = serverPlaces();
  process.env['SLUICE_TEST_SERVER'] ??= join(place, `${SERVER_PREFIX}${process.pid}`);
  return process.env['SLUICE_TEST_SERVER'];
}

/** What the name of such a folder begins with; the rest is the id of the run's process. */
export const SERVER_PREFIX = 'sluice-test-';

function hasRoom(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= ENOUGH_BYTES;
  } catch {
    return false;
  }
}
