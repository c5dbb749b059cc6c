import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SyncError } from '../../errors/sync-error.ts';
import type { PulledFile } from './pull-tables.ts';

/**
 * Writes what is not kept.
 * @param folder  absolute; made when it is not there
 * @throws SyncError USAGE_INVALID when a file cannot be written
 */
export async function writePulled(files: readonly PulledFile[], folder: string): Promise<void> {
  for (const { file, text, action } of files) {
    if (action === 'kept') continue;
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(path.join(folder, file), text);
    } catch (cause) {
      throw new SyncError('USAGE_INVALID', `The file ${path.join(folder, file)} cannot be written.`, {
        cause,
        actions: ['Check the rights of the folder and the space on the disk.'],
      });
    }
  }
}
