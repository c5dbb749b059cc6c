import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stopEmbedded } from '../../src/database/embedded/start-embedded.ts';
import { SERVER_PREFIX, serverFolder, serverPlaces } from './server-folder.ts';

/** Names a folder for the run's database server, for all workers; whichever test first needs one starts it. */
// oxlint-disable-next-line import/no-default-export -- jest asks for it
export default async function setUp(): Promise<void> {
  await removeLeftovers();
  serverFolder();
}

export async function removeServer(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  await stopEmbedded(folder);
  rmSync(folder, { recursive: true, force: true });
}

/** Servers of runs that were killed before their teardown. */
async function removeLeftovers(): Promise<void> {
  for (const place of serverPlaces()) {
    const names = readdirSync(place).filter((name) => /^sluice-test-\d+$/.test(name));
    for (const name of names.filter((folder) => !isRunning(Number(folder.slice(SERVER_PREFIX.length))))) {
      await removeServer(join(place, name)).catch(() => {});
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
