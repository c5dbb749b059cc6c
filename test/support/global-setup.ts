import { existsSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopEmbedded } from '../../src/database/embedded/start-embedded.ts';

const PREFIX = 'sluice-test-';

/** Names a folder for the run's database server; whichever test first needs one starts it. */
// oxlint-disable-next-line import/no-default-export -- jest asks for it
export default async function setUp(): Promise<void> {
  await removeLeftovers();
  process.env['SLUICE_TEST_SERVER'] = join(tmpdir(), `${PREFIX}${process.pid}`);
}

export async function removeServer(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  await stopEmbedded(folder);
  rmSync(folder, { recursive: true, force: true });
}

/** Servers of runs that were killed before their teardown. */
async function removeLeftovers(): Promise<void> {
  const names = readdirSync(tmpdir()).filter((name) => /^sluice-test-\d+$/.test(name));
  for (const name of names.filter((folder) => !isRunning(Number(folder.slice(PREFIX.length))))) {
    await removeServer(join(tmpdir(), name)).catch(() => {});
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
