import type { LoadedPlugins } from '../../src/plugin/load-plugins.ts';
import { loadPlugins } from '../../src/plugin/load-plugins.ts';
import { dirname } from 'node:path';
import { type Files, projectFolder } from './project-folder.ts';

/** Loads these files as plugins, in the order in which they stand; helpers are written, too, but not named. */
export async function loadFiles(files: Files, helpers: Files = {}): Promise<LoadedPlugins> {
  const folder = dirname(projectFolder({ ...files, ...helpers }));
  const named = Object.keys(files).map((file, index) => ({
    file: `./${file}`,
    position: { file: 'sync.config.yaml', line: index + 1, column: 3 },
  }));
  return loadPlugins(folder, named);
}
