import { unknownFunction } from './compile-call.ts';
import type { Compiled, CompileNode, Compiling, Locals, Run } from './compiled.ts';
import { FUNCTIONS } from './functions.ts';
import { asList, commonType, isList, type Type, typeText, type Value } from './kinds.ts';
import { isTaken } from './names.ts';
import { ExpressionFailure, ExpressionProblem } from './problem.ts';
import { refuseType } from './refuse-type.ts';
import type { ExpressionValues } from './scope.ts';
import type { NodeOf } from './tree.ts';

/** Items that one evaluation may look at, over all its lists; what needs more was not meant to. */
const MAX_ITEMS = 10_000;

type Walk = (list: readonly Value[], look: (item: Value) => Value) => Value;

interface ListMethod {
  /** Whether what is said of an item is true or false. */
  readonly condition: boolean;
  readonly result: (list: Type, said: Type) => Type;
  readonly walk: Walk;
}

const truth = (): Type => 'boolean';

/** What can be said of a list by its items; each binds a name for the item. */
const METHODS: ReadonlyMap<string, ListMethod> = new Map([
  ['exists', { condition: true, result: truth, walk: (list, look) => anyIs(true, list, look) }],
  ['all', { condition: true, result: truth, walk: (list, look) => not(anyIs(false, list, look)) }],
  ['exists_one', { condition: true, result: truth, walk: (list, look) => kept(list, look).length === 1 }],
  ['filter', { condition: true, result: (list) => list, walk: kept }],
  ['map', { condition: false, result: (_list, said) => ({ list: said }), walk: (list, look) => list.map(look) }],
]);

/** `list.exists(item, condition)`; the other functions are called by themselves. */
export function compileMethod(node: NodeOf<'method'>, compiling: Compiling, compile: CompileNode): Compiled {
  const method = METHODS.get(node.name);
  if (method === undefined) throw noMethod(node, compiling);
  const { name, body } = itemAndBody(node, compiling);
  const list = compile(node.of, compiling);
  if (!isList(list.type)) {
    throw new ExpressionProblem(`${node.name} goes through a list, and this is ${typeText(list.type)}`, node.of.start, {
      length: node.of.end - node.of.start,
      ...(list.type === 'text' ? { suggestion: 'Write split(x, ";") to make a list of a text.' } : {}),
    });
  }
  const slot = (compiling.slots.count += 1);
  const locals = new Map([...compiling.locals, [name, { slot, type: list.type.list }] as const]);
  const said = compile(body, { ...compiling, locals });
  if (method.condition && commonType(said.type, 'boolean') === null) {
    throw refuseType(body, said.type, { wanted: 'boolean', text: compiling.text });
  }
  const run = walker({ list: list.run, said: said.run, slot, walk: method.walk });
  return { type: method.result(list.type, said.type), run, constant: false };
}

function itemAndBody(
  node: NodeOf<'method'>,
  compiling: Compiling,
): { readonly name: string; readonly body: NodeOf<'method'>['of'] } {
  const [item, body] = node.args;
  if (item?.kind !== 'name' || body === undefined || node.args.length !== 2) {
    throw new ExpressionProblem(`${node.name} is given a name for the item and what to do with it`, node.at, {
      length: node.name.length,
      suggestion: `Write split(x, ";").${node.name}(part, ...).`,
    });
  }
  if (!isTaken(item.name, compiling)) return { name: item.name, body };
  throw new ExpressionProblem(`${item.name} has a meaning here already: choose another name for the item`, item.start, {
    length: item.name.length,
  });
}

function noMethod(node: NodeOf<'method'>, { text }: Compiling): ExpressionProblem {
  if (!FUNCTIONS.has(node.name)) return unknownFunction(node.name, node.at);
  const args = [node.of, ...node.args].map(({ start, end }) => text.slice(start, end));
  return new ExpressionProblem(`${node.name} is a function of its own`, node.at, {
    length: node.name.length,
    suggestion: `Write ${node.name}(${args.join(', ')}).`,
  });
}

function walker({ list, said, slot, walk }: { list: Run; said: Run; slot: number; walk: Walk }): Run {
  return (values, locals) => {
    const items = list(values, locals);
    return items === null ? null : walk(asList(items), (item) => lookAt(item, { said, slot, values, locals }));
  };
}

interface Look {
  readonly said: Run;
  readonly slot: number;
  readonly values: ExpressionValues;
  readonly locals: Locals;
}

function lookAt(item: Value, { said, slot, values, locals }: Look): Value {
  const looked = Number(locals[0]) + 1;
  if (looked > MAX_ITEMS) throw new ExpressionFailure(`more than ${MAX_ITEMS} items of lists are looked at`);
  locals[0] = looked;
  locals[slot] = item;
  return said(values, locals);
}

/** Whether anything is so; null when none is and something is null. */
function anyIs(wanted: boolean, list: readonly Value[], say: (item: Value) => Value): Value {
  let result: Value = false;
  for (const item of list) {
    const said = say(item);
    if (said === wanted) return true;
    if (said === null) result = null;
  }
  return result;
}

function not(value: Value): Value {
  return value === null ? null : value === false;
}

function kept(list: readonly Value[], say: (item: Value) => Value): readonly Value[] {
  return list.filter((item) => say(item) === true);
}
