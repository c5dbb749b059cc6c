import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SyncError } from '../errors/sync-error.ts';
import type { Draft } from './draft-import.ts';

export interface WrittenFile {
  readonly path: string;
  readonly action: 'created' | 'replaced';
}

/**
 * Which files a draft would make. What stands there may be somebody's work, so it is only replaced when that is asked for.
 * @throws SyncError USAGE_INVALID when a file is there, and for one that `force` would not replace
 */
export function plannedFiles({ files, object }: Draft, folder: string, force: boolean): readonly WrittenFile[] {
  const planned = files.map(({ path }): WrittenFile => {
    return { path, action: existsSync(join(folder, path)) ? 'replaced' : 'created' };
  });
  // The other way to write the ending: a second file beside it would declare the same name twice.
  const twins = files.map(({ path }) => path.replace(/yaml$/u, 'yml')).filter((path) => existsSync(join(folder, path)));
  const replaced = planned.filter(({ action }) => action === 'replaced').map(({ path }) => path);
  const there = [...(force ? [] : replaced), ...twins];
  if (there.length > 0) {
    throw new SyncError('USAGE_INVALID', `${there.join(', ')} ${there.length === 1 ? 'is' : 'are'} there already.`, {
      actions: [
        `Choose other names: sluice mapping new ${object} --name NAME --table TABLE`,
        'Or write over what is there, with all that was changed in it: --force',
        'To look at the draft only: --dry-run',
      ],
      details: { files: there },
    });
  }
  return planned;
}

/** @throws SyncError USAGE_INVALID when a file cannot be written */
export async function writeDraft({ files }: Draft, folder: string): Promise<void> {
  for (const { path, text } of files) {
    const target = join(folder, path);
    try {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, text);
    } catch (cause) {
      throw new SyncError('USAGE_INVALID', `${path} cannot be written.`, {
        cause,
        actions: ['Check the rights of the folder and the space on the disk.'],
      });
    }
  }
}
