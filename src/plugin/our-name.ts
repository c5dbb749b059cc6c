import { registerHooks } from 'node:module';

/** What a plugin imports to have its arguments typed, wherever on the disk it lies. */
const OUR_NAME = 'sluice/plugin';

/** True when a plugin's text names this package, so that somebody must tell the loader what is meant. */
export function namesUs(text: string): boolean {
  return text.includes(OUR_NAME);
}

/**
 * Runs `work` while `import ... from 'sluice/plugin'` means this package, also in a project that has not installed it.
 * Plugins are imported in no other place, and nothing else is imported meanwhile that has such a name.
 */
export async function withOurName<T>(work: () => Promise<T>): Promise<T> {
  const ours = new URL(`./define-plugin.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url).href;
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === OUR_NAME ? { url: ours, format: null, shortCircuit: true } : next(specifier, context),
  });
  try {
    return await work();
  } finally {
    hooks.deregister();
  }
}
