import type { FunctionKind } from './functions.ts';
import type { FunctionCall, TransformCall } from './mapping.ts';
import { didYouMean } from './nearest.ts';
import type { MappingContext } from './resolve-context.ts';
import { argumentProblems, transformSpec, TRANSFORM_NAMES } from './transform-names.ts';
import type { YamlPath } from './yaml-file.ts';

type Arguments = Readonly<Record<string, unknown>>;

/** `name`, or `{ name: { argument: value } }`. */
export type WrittenCall = string | Readonly<Record<string, Arguments | null>>;

interface Call {
  readonly name: string;
  readonly args: Arguments;
  /** Of the name. */
  readonly path: YamlPath;
  readonly short: boolean;
}

const KINDS: Readonly<Record<FunctionKind, string>> = {
  transform: 'a transform of values',
  check: 'a check of values',
  record_check: 'a check of records',
  resolver: 'a resolver',
  hook: 'a hook',
};

/** A function of a plugin: known, of the kind that is wanted here, with arguments that it takes. */
export function functionCall(
  written: WrittenCall,
  kind: FunctionKind,
  path: YamlPath,
  context: MappingContext,
): FunctionCall {
  const call = readCall(written, path);
  checkFunction(call, kind, context);
  return { name: call.name, args: call.args, position: nameAt(call, context) };
}

/** A transform: built in, or with a dot in its name a function of a plugin. */
export function transformCall(written: WrittenCall, path: YamlPath, context: MappingContext): TransformCall {
  const call = readCall(written, path);
  const { name, args } = call;
  if (name.includes('.')) {
    checkFunction(call, 'transform', context);
    return { name, args };
  }
  const spec = transformSpec(name);
  if (spec === null) {
    const known = [...Object.keys(TRANSFORM_NAMES), ...namesOf('transform', context)];
    const said = `There is no transform "${name}".`;
    context.sink.report('unknown-transform', nameAt(call, context), said, didYouMean(name, known));
    return { name, args };
  }
  reportArguments('transform-arguments', argumentProblems(call.name, spec, args), call, context);
  return { name, args };
}

function readCall(written: WrittenCall, path: YamlPath): Call {
  if (typeof written === 'string') return { name: written, args: {}, path, short: true };
  const [name = '', args = null] = Object.entries(written)[0] ?? [];
  return { name, args: args ?? {}, path: [...path, name], short: false };
}

function nameAt({ path, short }: Call, { file }: MappingContext): FunctionCall['position'] {
  return short ? file.yaml.at(path) : file.yaml.keyAt(path);
}

function checkFunction(call: Call, kind: FunctionKind, context: MappingContext): void {
  const { sink, functions } = context;
  const { name } = call;
  const spec = functions.catalogue.find(name);
  if (spec === null) {
    // A plugin that could not be loaded has been told; what it would have had cannot be known.
    if (!functions.complete) return;
    const said = `No plugin has the function "${name}".`;
    sink.report('unknown-function', nameAt(call, context), said, didYouMean(name, namesOf(kind, context)));
    return;
  }
  if (spec.kind !== kind) {
    const said = `"${name}" is ${KINDS[spec.kind]}; here stands ${KINDS[kind]}.`;
    sink.report('function-kind', nameAt(call, context), said, didYouMean(name, namesOf(kind, context)));
    return;
  }
  reportArguments('function-arguments', spec.argumentProblems(call.args), call, context);
}

function namesOf(kind: FunctionKind, { functions }: MappingContext): readonly string[] {
  return functions.catalogue.all.filter((spec) => spec.kind === kind).map(({ name }) => name);
}

function reportArguments(
  rule: 'transform-arguments' | 'function-arguments',
  problems: readonly {
    readonly argument: string | null;
    readonly message: string;
    readonly suggestion: string | null;
  }[],
  call: Call,
  context: MappingContext,
): void {
  for (const { argument, message, suggestion } of problems) {
    const named = argument !== null && Object.hasOwn(call.args, argument);
    const place = named ? context.file.yaml.keyAt([...call.path, argument]) : nameAt(call, context);
    context.sink.report(rule, place, `${call.name}: ${message}`, suggestion);
  }
}
