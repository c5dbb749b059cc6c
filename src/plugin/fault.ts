import { types } from 'node:util';
import { SyncError } from '../errors/sync-error.ts';

/** How a function of a plugin failed, in words that cannot hold a record's values. */
export interface Fault {
  /** `plugin.function`. */
  readonly function: string;
  /** The plugin's file. */
  readonly file: string;
  /** `threw a TypeError at plugins/school.ts:12:7`, or what it gave back in place of a value. */
  readonly what: string;
}

/** A transform or check failed for one value: that record is at fault, or the function; its neighbours go on. */
export class FunctionFailed extends Error {
  override readonly name = 'FunctionFailed';
  readonly fault: Fault;

  constructor(fault: Fault, cause?: unknown) {
    super(`${fault.function} ${fault.what}`, { cause });
    this.fault = fault;
  }
}

type Failing = Pick<Fault, 'function' | 'file'> | { readonly name: string; readonly file: string };

/** What was thrown: its kind, its code and the line of the plugin, never its message. */
export function faultThrown(by: Failing, error: unknown): Fault {
  return { ...named(by), what: `threw ${kindOf(error)}${placeOf(error, by.file)}` };
}

export function faultReturned(by: Failing, value: unknown, wanted: string): Fault {
  return { ...named(by), what: `gave back ${typeInWords(value)} in place of ${wanted}` };
}

/** A fault that stops a step. @param where  `in mapping history` and the like */
export function pluginFailed(fault: Fault, where: string, cause?: unknown): SyncError {
  return new SyncError('PLUGIN_FAILED', `${fault.function} (${fault.file}) ${fault.what} ${where}.`, {
    cause,
    details: { function: fault.function, file: fault.file },
  });
}

function named(by: Failing): Pick<Fault, 'function' | 'file'> {
  return { function: 'name' in by ? by.name : by.function, file: by.file };
}

function kindOf(error: unknown): string {
  if (!isError(error)) return `a ${typeof error} that is no error`;
  const code: unknown = 'sqlState' in error ? error.sqlState : Reflect.get(error, 'code');
  const known = typeof code === 'string' && /^[A-Z0-9_]{2,40}$/u.test(code) ? ` (${code})` : '';
  // The name is the author's own word, but a name that was made up while running could be anything.
  return `${/^[A-Za-z]{1,40}$/u.test(error.name) ? error.name : 'an error'}${known}`;
}

/** The first line of the stack that lies in the plugin. */
function placeOf(error: unknown, file: string): string {
  if (!isError(error)) return '';
  const base = file.replace(/^.*[/\\]/u, '');
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /u.test(line)) ?? [];
  for (const frame of frames) {
    const [, name, place] = /[/\\]([^/\\]+?)(?:\?[^:]*)?:(\d+:\d+)\)?$/u.exec(frame) ?? [];
    if (name === base && place !== undefined) return ` at ${file}:${place}`;
  }
  return '';
}

/** Not `instanceof` alone: errors of Node's own modules come from another realm where code runs in a sandbox. */
export function isError(value: unknown): value is Error {
  return types.isNativeError(value) || value instanceof Error;
}

function typeInWords(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (types.isPromise(value)) return 'a promise';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
