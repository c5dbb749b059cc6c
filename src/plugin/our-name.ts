import { registerHooks } from 'node:module';
import { strippedTypes } from './strip-types.ts';

/** What a plugin imports to have its arguments typed, wherever on the disk it lies. */
const OUR_NAME = 'sluice/plugin';

/**
 * Runs `work` while `import ... from 'sluice/plugin'` means this package, also in a project that has not installed it.
 * Plugins are imported in no other place, and nothing else is imported meanwhile that has such a name.
 */
export async function withOurName<T>(work: () => Promise<T>): Promise<T> {
  const ours = new URL(`./define-plugin.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url).href;
  const stop = answering(ours);
  try {
    return await work();
  } finally {
    stop();
  }
}

/** TypeScript of the project, which is always an ES module; under node_modules Node.js strips no types. */
function isTypeScript(url: string): boolean {
  return /^file:.*\.ts$/u.test(url) && !url.includes('/node_modules/');
}

function answering(ours: string): () => void {
  try {
    const hooks = registerHooks({
      resolve: (specifier, context, next) => {
        if (specifier === OUR_NAME) return { url: ours, format: null, shortCircuit: true };
        const found = next(specifier, context);
        // Whatever the package.json around it says: npm writes "commonjs" into new ones, and means no harm.
        return isTypeScript(found.url) ? { ...found, format: 'module-typescript' } : found;
      },
      load: (url, context, next) => {
        // From a checkout that is not built, Node.js strips types all the time.
        const source = isTypeScript(url) && !ours.endsWith('.ts') ? strippedTypes(url) : null;
        return source === null ? next(url, context) : { format: 'module', source, shortCircuit: true };
      },
    });
    return () => hooks.deregister();
  } catch {
    // A test runner that has a module loader of its own refuses, and says itself what the name means.
    return () => undefined;
  }
}
