import { isMap } from '../config/is-record.ts';
import { compileArguments } from '../config/argument-schema.ts';
import type { FunctionKind } from '../config/functions.ts';
import { didYouMean } from '../config/nearest.ts';
import type { LoadedFunction, LoadedNotifier, LoadedPlugin, UnknownFunction } from './loaded-plugin.ts';

const SECTIONS = {
  transforms: 'transform',
  checks: 'check',
  recordChecks: 'record_check',
  resolvers: 'resolver',
  hooks: 'hook',
} as const satisfies Record<string, FunctionKind>;

const KEYS = ['name', ...Object.keys(SECTIONS), 'notifiers'];
const NAME = /^[a-z][a-z0-9_]*$/u;
const NAME_IN_WORDS = 'a name of lower-case letters, digits and _';

/** Why what a file exports is no plugin. */
export interface PluginFault {
  readonly message: string;
  readonly suggestion: string | null;
}

export interface CheckedPlugin {
  /** Null when anything is wrong. */
  readonly plugin: LoadedPlugin | null;
  readonly faults: readonly PluginFault[];
}

/**
 * Holds what a file exports against what a plugin is.
 * @param about  the file as the project names it, and the hash of its text
 */
export function checkPlugin(
  exported: unknown,
  about: { readonly file: string; readonly fingerprint: string },
): CheckedPlugin {
  if (!isMap(exported)) {
    const suggestion = 'Write export default definePlugin({ name: ..., ... }).';
    return { plugin: null, faults: [{ message: 'exports no plugin as its default', suggestion }] };
  }
  const faults: PluginFault[] = [];
  const fault = (message: string, suggestion: string | null = null): void => void faults.push({ message, suggestion });
  const { name } = exported;
  if (typeof name !== 'string' || !NAME.test(name)) fault(`needs as its \`name\` ${NAME_IN_WORDS}`);
  for (const key of Object.keys(exported)) {
    if (!KEYS.includes(key)) fault(`has a key "${key}" that no plugin has`, didYouMean(key, KEYS));
  }
  const prefix = typeof name === 'string' ? name : '';
  const seen = new Set<string>();
  const functions: LoadedFunction[] = [];
  for (const [section, kind] of Object.entries(SECTIONS)) {
    for (const given of functionsOf(exported, section, { seen, fault })) {
      const shape = compileArguments(given.args);
      if (typeof shape === 'string') {
        fault(`has in ${section}.${given.key} an \`args\` that ${shape}`);
        continue;
      }
      functions.push({
        kind,
        file: about.file,
        run: given.run,
        filled: shape.filled,
        spec: {
          name: `${prefix}.${given.key}`,
          kind,
          what: given.what,
          argumentNames: shape.names,
          fingerprint: about.fingerprint,
          argumentProblems: shape.problems,
        },
      });
    }
  }
  const notifiers = functionsOf(exported, 'notifiers', { seen, fault }).map((given): LoadedNotifier => {
    if (given.args !== undefined) fault(`has in notifiers.${given.key} \`args\`, but a notifier takes none`);
    return { name: `${prefix}.${given.key}`, what: given.what, file: about.file, run: given.run };
  });
  return { plugin: faults.length > 0 ? null : { name: prefix, file: about.file, functions, notifiers }, faults };
}

interface Given {
  readonly key: string;
  readonly what: string;
  readonly args: unknown;
  readonly run: UnknownFunction;
}

function functionsOf(
  exported: Readonly<Record<string, unknown>>,
  section: string,
  {
    seen,
    fault,
  }: { readonly seen: Set<string>; readonly fault: (message: string, suggestion?: string | null) => void },
): readonly Given[] {
  const held = exported[section];
  if (held === undefined) return [];
  if (!isMap(held)) {
    fault(`has \`${section}\` that are no functions by name`);
    return [];
  }
  return Object.entries(held).flatMap(([key, given]): Given[] => {
    const at = `${section}.${key}`;
    if (!NAME.test(key)) fault(`has in ${section} a function "${key}"; it needs ${NAME_IN_WORDS}`);
    if (seen.has(key)) fault(`has two functions with the name "${key}"`);
    seen.add(key);
    if (!isMap(given)) {
      fault(`has at ${at} no function`, 'Write { what: "...", run(...) { ... } }.');
      return [];
    }
    const { what, args, run } = given;
    for (const other of Object.keys(given)) {
      if (!FUNCTION_KEYS.includes(other))
        fault(`has at ${at} an unknown key "${other}"`, didYouMean(other, FUNCTION_KEYS));
    }
    if (typeof what !== 'string' || what.trim() === '') fault(`says at ${at} not \`what\` it does, in a sentence`);
    if (!isFunction(run)) fault(`has at ${at} no function \`run\``);
    if (typeof what !== 'string' || !isFunction(run)) return [];
    // Bound, so that a function may call its neighbours by `this`.
    return [{ key, what: what.trim(), args, run: (...values) => Reflect.apply(run, given, values) }];
  });
}

const FUNCTION_KEYS = ['what', 'args', 'run'];

function isFunction(value: unknown): value is UnknownFunction {
  return typeof value === 'function';
}
