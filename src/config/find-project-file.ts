import { access } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { SyncError } from '../errors/sync-error.ts';
import { PROJECT_FILE } from './read-project.ts';

/**
 * The nearest sync.config.yaml, from a folder upward.
 * @throws SyncError CONFIG_NOT_FOUND
 */
export async function findProjectFile(startFolder: string): Promise<string> {
  for (let folder = resolve(startFolder); ; folder = dirname(folder)) {
    const file = join(folder, PROJECT_FILE);
    const found = await access(file).then(
      () => true,
      () => false,
    );
    if (found) return file;
    if (dirname(folder) === folder) break;
  }
  throw new SyncError('CONFIG_NOT_FOUND', `There is no ${PROJECT_FILE} in ${resolve(startFolder)} or above it.`);
}
