import type { LoadFunctions } from '../config/functions.ts';
import type { BoundFunctions } from '../plugin/bind-functions.ts';
import type { Fault } from '../plugin/fault.ts';
import type { LoadedPlugin } from '../plugin/loaded-plugin.ts';

/** Keeps the plugins that are loaded while a project is read, for the run that follows: they are loaded once. */
export interface PluginShelf {
  readonly load: LoadFunctions;
  readonly plugins: () => readonly LoadedPlugin[];
}

export function pluginShelf(): PluginShelf {
  let plugins: readonly LoadedPlugin[] = [];
  return {
    load: async (folder, files) => {
      const { loadPlugins } = await import('../plugin/load-plugins.ts');
      const loaded = await loadPlugins(folder, files);
      ({ plugins } = loaded);
      return loaded;
    },
    plugins: () => plugins,
  };
}

/** @param onFault  told the first time that a function fails at a place */
export async function functionsOf(
  plugins: readonly LoadedPlugin[],
  onFault: (fault: Fault) => void,
): Promise<BoundFunctions> {
  const { bindFunctions } = await import('../plugin/bind-functions.ts');
  return bindFunctions(plugins, { onFault });
}

/** In a sentence for people, and for the log: it names places, and no values. */
export function faultText({ function: name, what }: Fault): string {
  return `${name} ${what}.`;
}
