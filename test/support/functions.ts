import type { FunctionKind, FunctionSpec, LoadFunctions } from '../../src/config/functions.ts';

const KINDS = ['transform', 'check', 'record_check', 'resolver', 'hook'] as const;

/**
 * A plugin without code: one function of each kind, named like it (`town.transform`), that wants the argument `size`.
 * A plugin whose file is `./gone.ts` is not there.
 */
export function townPlugin(fingerprint = '1'): LoadFunctions {
  const all = KINDS.map((kind) => spec(`town.${kind}`, kind, fingerprint));
  return (_folder, plugins) => {
    const gone = plugins.filter(({ file }) => file === './gone.ts');
    return Promise.resolve({
      catalogue: { all, find: (name) => all.find((one) => one.name === name) ?? null },
      complete: gone.length === 0,
      problems: gone.map(({ position }) => ({ position, message: 'There is no such file.', suggestion: null })),
    });
  };
}

function spec(name: string, kind: FunctionKind, fingerprint: string): FunctionSpec {
  return {
    name,
    kind,
    what: '',
    argumentNames: ['size'],
    fingerprint,
    argumentProblems: (args) => {
      const wrong = Object.keys(args).find((argument) => argument !== 'size');
      if (wrong !== undefined)
        return [{ argument: wrong, message: `There is no argument "${wrong}".`, suggestion: null }];
      return 'size' in args ? [] : [{ argument: null, message: 'The argument "size" is missing.', suggestion: null }];
    },
  };
}
