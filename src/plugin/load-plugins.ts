import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionCatalogue, LoadedFunctions, PluginFile, PluginProblem } from '../config/functions.ts';
import { checkPlugin } from './check-plugin.ts';
import { importFault } from './import-fault.ts';
import { withOurName } from './our-name.ts';
import type { LoadedPlugin } from './loaded-plugin.ts';

export interface LoadedPlugins extends LoadedFunctions {
  readonly plugins: readonly LoadedPlugin[];
}

/**
 * Loads plugins: runs each file as an ES module (of TypeScript, Node strips the types), then holds what it exports
 * against what a plugin is. Never throws; what is wrong stands at the place where the project file names the plugin.
 * @param folder  absolute folder of the project file
 */
export async function loadPlugins(folder: string, files: readonly PluginFile[]): Promise<LoadedPlugins> {
  const plugins: LoadedPlugin[] = [];
  const problems: PluginProblem[] = [];
  // One after another, so that the second of two with one name is the one that is refused.
  for (const plugin of files) {
    const { found, faults } = await loadPlugin(folder, plugin.file);
    const other = plugins.find(({ name }) => name === found?.name);
    if (other !== undefined) {
      const message = `The plugin ${plugin.file} has the name "${other.name}", as ${other.file} has.`;
      problems.push({ position: plugin.position, message, suggestion: 'Rename one of them.' });
    } else if (found !== null) plugins.push(found);
    for (const { message, suggestion } of faults) {
      problems.push({ position: plugin.position, message: `The plugin ${plugin.file} ${message}.`, suggestion });
    }
  }
  return { plugins, catalogue: catalogueOf(plugins), complete: problems.length === 0, problems };
}

interface Fault {
  readonly message: string;
  readonly suggestion: string | null;
}

async function loadPlugin(
  folder: string,
  file: string,
): Promise<{ readonly found: LoadedPlugin | null; readonly faults: readonly Fault[] }> {
  const path = isAbsolute(file) ? file : resolve(folder, file);
  let text: Buffer;
  try {
    text = await readFile(path);
  } catch {
    return { found: null, faults: [{ message: 'cannot be read', suggestion: 'Check the path in `plugins`.' }] };
  }
  let exported: unknown;
  try {
    exported = await withOurName(async () => defaultOf(await import(pathToFileURL(path).href)));
  } catch (error) {
    return { found: null, faults: [importFault(error, file)] };
  }
  const checked = checkPlugin(exported, { file, fingerprint: hash('sha256', text, 'hex').slice(0, 16) });
  return { found: checked.plugin, faults: checked.faults };
}

function defaultOf(module: unknown): unknown {
  return typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;
}

function catalogueOf(plugins: readonly LoadedPlugin[]): FunctionCatalogue {
  const all = plugins.flatMap(({ functions }) => functions.map(({ spec }) => spec));
  const byName = new Map(all.map((spec) => [spec.name, spec]));
  return { all, find: (name) => byName.get(name) ?? null };
}
