import { registerHooks } from 'node:module';

/**
 * Runs `work`, which loads jsforce, without the HTTP client of jsforce's own transport: a hundred modules, 12 MB and a
 * tenth of a second, and in its transport's place stands ours. All that is done with it while it is loaded is to make an
 * `Agent`, and that of Node.js takes the same arguments.
 */
export async function withoutUndici<T>(work: () => Promise<T>): Promise<T> {
  const stop = standingIn();
  try {
    return await work();
  } finally {
    stop();
  }
}

function standingIn(): () => void {
  try {
    const hooks = registerHooks({
      resolve: (specifier, context, next) =>
        specifier === 'undici' && context.parentURL?.endsWith('/jsforce/lib/request.js') === true
          ? { url: 'node:http', format: 'builtin', shortCircuit: true }
          : next(specifier, context),
    });
    return () => hooks.deregister();
  } catch {
    // A test runner that has a module loader of its own refuses: then it is loaded, and stands idle.
    return () => undefined;
  }
}
