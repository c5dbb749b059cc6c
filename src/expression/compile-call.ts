import { type Compiled, type CompileNode, type Compiling, constantOf, constantValue, type Run } from './compiled.ts';
import { type Accepts, acceptsText, type FunctionSpec, type Parameter, signatureOf } from './function-spec.ts';
import { FUNCTIONS } from './functions.ts';
import { commonType, isList, isNumeric, type Type, typeText, type Value } from './kinds.ts';
import { refuseStranger } from './operators.ts';
import { ExpressionFailure, ExpressionProblem } from './problem.ts';
import { textWriter } from './read-value.ts';
import { refuseType, turn } from './refuse-type.ts';
import type { Node, NodeOf } from './tree.ts';

/** What CEL itself, SQL and JavaScript call things that have another name here. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['size', 'length(x)'],
  ['string', 'text(x)'],
  ['int', 'integer(x)'],
  ['double', 'number(x)'],
  ['bool', 'boolean(x)'],
  ['has', '!blank(x)'],
  ['isblank', 'blank(x)'],
  ['startswith', 'starts_with(x, "...")'],
  ['endswith', 'ends_with(x, "...")'],
  ['tolower', 'lower(x)'],
  ['toupper', 'upper(x)'],
  ['now', 'today'],
  ['today', 'today'],
  ['if', 'condition ? this : that'],
]);

/** @throws ExpressionProblem for a function that is not there, or arguments that do not fit it */
export function compileCall(node: NodeOf<'call'>, compiling: Compiling, compile: CompileNode): Compiled {
  const spec = FUNCTIONS.get(node.name);
  if (spec === undefined) throw unknownFunction(node.name, node.start);
  checkCount(node, spec);
  const args = node.args.map((arg, index) => {
    const parameter = parameterAt(spec, index);
    return acceptedArgument(compile(arg, compiling), { arg, parameter, name: node.name, text: compiling.text });
  });
  const type = resultType(spec, { args, nodes: node.args, text: compiling.text });
  if (node.name === 'one_of') refuseStrangerTo(args, node.args, compiling);
  const run = make(spec, args, node);
  return constantOf(args, { type, run: caller(run, args, spec.nulls) });
}

/** The problem that tells of a function that is not there. */
export function unknownFunction(name: string, offset: number): ExpressionProblem {
  const meant = ELSEWHERE.get(name.toLowerCase().replaceAll('_', ''));
  return new ExpressionProblem(`there is no function ${name}`, offset, {
    length: name.length,
    unknown: { name, known: [...FUNCTIONS.keys()] },
    ...(meant === undefined ? {} : { suggestion: `Write ${meant}.` }),
  });
}

function parameterAt({ parameters }: FunctionSpec, index: number): Parameter | undefined {
  return parameters[index] ?? parameters.at(-1);
}

function checkCount({ name, args, start, end }: NodeOf<'call'>, spec: FunctionSpec): void {
  const most = spec.repeats === true ? Number.POSITIVE_INFINITY : spec.parameters.length;
  const least = spec.parameters.length - (spec.optional ?? 0);
  if (args.length >= least && args.length <= most) return;
  throw new ExpressionProblem(`${name} is given too ${args.length < least ? 'few' : 'many'} arguments`, start, {
    length: end - start,
    suggestion: `It is ${signatureOf(name, spec)}.`,
  });
}

interface Argument {
  readonly arg: Node;
  readonly parameter: Parameter | undefined;
  /** Of the function. */
  readonly name: string;
  readonly text: string;
}

/** The argument as the function takes it. @throws ExpressionProblem when the function does not */
function acceptedArgument(part: Compiled, { arg, parameter, name, text }: Argument): Compiled {
  const accepts = parameter?.accepts ?? 'anything';
  if (parameter?.literal === true && (!part.constant || part.type === 'null')) {
    throw new ExpressionProblem(
      `${name}: the ${parameter.name} is written out, as a text in quotation marks`,
      arg.start,
      {
        length: arg.end - arg.start,
      },
    );
  }
  if (!fits(part.type, accepts)) {
    const turned =
      typeof accepts === 'object' ? turn(part.type, accepts[0] ?? 'text', text.slice(arg.start, arg.end)) : null;
    const message = `${name}: ${parameter?.name ?? 'this'} is ${acceptsText(accepts)}, and this is ${typeText(part.type)}`;
    throw new ExpressionProblem(message, arg.start, {
      length: arg.end - arg.start,
      ...(turned === null ? {} : { suggestion: `Write ${turned}.` }),
    });
  }
  return accepts === 'written' ? written(part) : part;
}

function fits(type: Type, accepts: Accepts): boolean {
  if (type === 'null' || accepts === 'anything') return true;
  if (accepts === 'list') return isList(type);
  if (accepts === 'texts') return isList(type) && commonType(type.list, 'text') === 'text';
  if (accepts === 'written') return !isList(type);
  return accepts.some((kind) => type === kind || (kind === 'number' && isNumeric(type)));
}

function written(part: Compiled): Compiled {
  if (part.type === 'text') return part;
  const [run, write] = [part.run, textWriter(part.type)];
  return { type: 'text', run: (values, locals) => write(run(values, locals)), constant: part.constant };
}

interface Arguments {
  readonly args: readonly Compiled[];
  readonly nodes: readonly Node[];
  readonly text: string;
}

function resultType({ result }: FunctionSpec, { args, nodes, text }: Arguments): Type {
  if (result === 'item') {
    const type = args[0]?.type ?? 'null';
    return isList(type) ? type.list : 'null';
  }
  if (result !== 'same') return result;
  let type: Type = 'null';
  for (const [index, arg] of args.entries()) {
    const common = commonType(type, arg.type);
    if (common === null) throw refuseType(nodes[index], arg.type, { wanted: type, text });
    type = common;
  }
  return type;
}

function refuseStrangerTo(args: readonly Compiled[], nodes: readonly Node[], { text }: Compiling): void {
  const [x, list] = args;
  const [node] = nodes;
  if (x === undefined || list === undefined || node === undefined || !isList(list.type)) return;
  refuseStranger(x.type, list.type.list, { node, text });
}

/** @throws ExpressionProblem at the last argument that is written out, when it will never do */
function make(spec: FunctionSpec, args: readonly Compiled[], node: NodeOf<'call'>): (...args: Value[]) => Value {
  const constants = args.map(constantValue);
  try {
    return spec.make(constants);
  } catch (error) {
    if (!(error instanceof ExpressionFailure)) throw error;
    const place = node.args[args.findLastIndex(({ constant }) => constant)] ?? node;
    throw new ExpressionProblem(error.message, place.start, { length: place.end - place.start });
  }
}

/** One closure for each usual number of arguments, so that no list is made for each record. */
function caller(run: (...args: Value[]) => Value, args: readonly Compiled[], nulls: FunctionSpec['nulls']): Run {
  const [first, second] = args.map((arg) => arg.run);
  if (nulls === 'given' && first !== undefined && args.length === 1) {
    return (values, locals) => {
      const a = first(values, locals);
      return a === null ? null : run(a);
    };
  }
  if (nulls === 'given' && first !== undefined && second !== undefined && args.length === 2) {
    return (values, locals) => {
      const a = first(values, locals);
      if (a === null) return null;
      const b = second(values, locals);
      return b === null ? null : run(a, b);
    };
  }
  if (nulls === 'taken' && first !== undefined && args.length === 1)
    return (values, locals) => run(first(values, locals));
  const runs = args.map((arg) => arg.run);
  return (values, locals) => {
    const given = runs.map((each) => each(values, locals));
    return nulls === 'given' && given.includes(null) ? null : run(...given);
  };
}
