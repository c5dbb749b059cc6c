import type { FunctionCall } from '../config/mapping.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { FunctionKind } from '../config/functions.ts';
import type { HookContext, QueryOrg, RecordView, RowsChanged } from './define-plugin.ts';
import { type Fault, faultReturned, faultThrown, FunctionFailed, pluginFailed } from './fault.ts';
import type { LoadedFunction, LoadedPlugin } from './loaded-plugin.ts';
import { isRowsChanged } from './rows-changed.ts';

/** Who calls a function, and with what. */
export type BoundCall = Pick<FunctionCall, 'name' | 'args'>;

/**
 * The functions of the project's plugins, each bound to the arguments that the YAML gives: bind once a mapping, call
 * once a value. Names and arguments have passed lint.
 */
export interface BoundFunctions {
  /** @throws FunctionFailed when the function threw, or gave back something else; the record is quarantined then */
  transform(call: BoundCall): (value: string | null) => string | null;
  /** Gives true, or why not. @throws FunctionFailed */
  check(call: BoundCall): (value: string) => true | string;
  /** Gives true, or why not. @throws FunctionFailed */
  recordCheck(call: BoundCall): (record: RecordView) => true | string;
  resolver(call: BoundCall): BoundResolver;
  hook(call: BoundCall): BoundHook;
}

/**
 * @param inputs  fields of each value that is wanted, null for blank
 * @returns as many values, in their order
 * @throws SyncError PLUGIN_FAILED when the function fails; those of the org pass through
 */
export type BoundResolver = (
  inputs: readonly (readonly (string | null)[])[],
  context: ResolverCall,
) => Promise<readonly (string | null)[]>;

/** What a resolver is handed, and for messages what it is asked for. */
export interface ResolverCall {
  readonly query: QueryOrg;
  readonly signal: AbortSignal;
  readonly mapping: string;
  /** The fields of an input. */
  readonly fields: readonly string[];
}

/**
 * @returns the rows that the hook says it changed, by table
 * @throws SyncError PLUGIN_FAILED when the function fails; what `passes` says is not its fault, passes through
 */
export type BoundHook = (
  context: Omit<HookContext<unknown>, 'args'>,
  passes: (error: unknown) => boolean,
) => Promise<RowsChanged>;

export interface BindDeps {
  /** Told the first time that a function fails at a place: records are many, the cause is one. */
  readonly onFault: (fault: Fault) => void;
}

export function bindFunctions(plugins: readonly LoadedPlugin[], { onFault }: BindDeps): BoundFunctions {
  const functions = new Map(plugins.flatMap((plugin) => plugin.functions.map((one) => [one.spec.name, one] as const)));
  const told = new Set<string>();
  const failed = (fault: Fault, cause?: unknown): FunctionFailed => {
    const key = `${fault.function} ${fault.what}`;
    if (!told.has(key)) onFault(fault);
    told.add(key);
    return new FunctionFailed(fault, cause);
  };
  const find = (kind: FunctionKind, { name, args }: BoundCall): Found => {
    const found = functions.get(name);
    if (found === undefined || found.kind !== kind)
      throw new RangeError(`${kind} ${name} passed lint and is not loaded`);
    return { one: { name, file: found.file }, run: found.run, args: found.filled(args) };
  };
  const judge = <Value>({ one, run, args }: Found, wanted: string, is: (value: unknown) => value is Value) => {
    return (input: unknown): Value => {
      let value: unknown;
      try {
        value = run(input, args);
      } catch (error) {
        throw failed(faultThrown(one, error), error);
      }
      if (is(value)) return value;
      throw failed(faultReturned(one, value, wanted));
    };
  };
  return {
    transform: (call) => judge(find('transform', call), 'text or null', isTextOrNull),
    check: (call) => judge(find('check', call), 'true or a reason', isVerdict),
    recordCheck: (call) => judge(find('record_check', call), 'true or a reason', isVerdict),
    resolver: (call) => resolving(find('resolver', call)),
    hook: (call) => hooking(find('hook', call)),
  };
}

interface Found {
  readonly one: Pick<LoadedFunction, 'file'> & { readonly name: string };
  readonly run: LoadedFunction['run'];
  readonly args: Readonly<Record<string, unknown>>;
}

function resolving({ one, run, args }: Found): BoundResolver {
  return async (inputs, { query, signal, mapping, fields }) => {
    const where = `in mapping ${mapping}, for ${fields.join(', ')}`;
    let values: unknown;
    try {
      values = await run(inputs, { args, query, signal });
    } catch (error) {
      // Trouble of the org is told by its own code, and an interrupted run is no failure of the plugin.
      if (error instanceof SyncError || signal.aborted) throw error;
      throw pluginFailed(faultThrown(one, error), where, error);
    }
    if (isListOfTexts(values) && values.length === inputs.length) return values;
    const what = `a list of ${String(inputs.length)} texts or nulls`;
    throw pluginFailed(faultReturned(one, values, what), where);
  };
}

function hooking({ one, run, args }: Found): BoundHook {
  return async (context, passes) => {
    const where = `in mapping ${context.mapping}, phase ${context.phase}`;
    let changed: unknown;
    try {
      changed = await run({ ...context, args });
    } catch (error) {
      if (error instanceof SyncError || context.signal.aborted || passes(error)) throw error;
      throw pluginFailed(faultThrown(one, error), where, error);
    }
    if (isRowsChanged(changed)) return changed;
    throw pluginFailed(faultReturned(one, changed, 'the rows that it changed, by table'), where);
  };
}

function isTextOrNull(value: unknown): value is string | null {
  return typeof value === 'string' || value === null;
}

function isVerdict(value: unknown): value is true | string {
  return value === true || typeof value === 'string';
}

function isListOfTexts(value: unknown): value is (string | null)[] {
  return Array.isArray(value) && value.every(isTextOrNull);
}
