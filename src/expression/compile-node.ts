import { compileCall } from './compile-call.ts';
import { compileMethod } from './compile-method.ts';
import { constantOf, type Compiled, type Compiling } from './compiled.ts';
import { commonType, type Type } from './kinds.ts';
import { kleeneAnd, kleeneOr } from './logic.ts';
import { compileName } from './names.ts';
import { compileBinary, compileUnary } from './operators.ts';
import { ExpressionFailure, ExpressionProblem } from './problem.ts';
import { refuseType } from './refuse-type.ts';
import type { Node, NodeOf } from './tree.ts';

/**
 * Checks the names and types of a part and makes it ready to run. Whatever is the same for every record is computed now.
 * @throws ExpressionProblem
 */
export function compileNode(node: Node, compiling: Compiling): Compiled {
  try {
    return compilePart(node, compiling);
  } catch (error) {
    if (!(error instanceof ExpressionFailure)) throw error;
    // What fails for every record is a fault of the text.
    throw new ExpressionProblem(error.message, node.start, { length: node.end - node.start });
  }
}

function compilePart(node: Node, compiling: Compiling): Compiled {
  switch (node.kind) {
    case 'literal':
      return { type: node.type, run: () => node.value, constant: true };
    case 'name':
    case 'member':
      return compileName(node, compiling);
    case 'call':
      return compileCall(node, compiling, compileNode);
    case 'method':
      return compileMethod(node, compiling, compileNode);
    case 'list':
      return compileList(node, compiling);
    case 'choice':
      return compileChoice(node, compiling);
    case 'logic':
      return compileLogic(node, compiling);
    case 'binary':
      return compileBinary(node, compiling, compileNode);
    case 'unary':
      return compileUnary(node, compiling, compileNode);
  }
}

function compileList({ items }: NodeOf<'list'>, compiling: Compiling): Compiled {
  const parts = items.map((item) => compileNode(item, compiling));
  let type: Type = 'null';
  for (const [index, part] of parts.entries()) {
    const common = commonType(type, part.type);
    if (common === null) throw refuseType(items[index], part.type, { wanted: type, text: compiling.text });
    type = common;
  }
  const runs = parts.map(({ run }) => run);
  return constantOf(parts, {
    type: { list: type },
    run: (values, locals) => runs.map((run) => run(values, locals)),
  });
}

/** A condition that is null is not true: the second branch. */
function compileChoice({ condition, yes, no }: NodeOf<'choice'>, compiling: Compiling): Compiled {
  const test = compileTruth(condition, compiling);
  const [left, right] = [compileNode(yes, compiling), compileNode(no, compiling)];
  const type = commonType(left.type, right.type);
  if (type === null) throw refuseType(no, right.type, { wanted: left.type, text: compiling.text });
  return constantOf([test, left, right], {
    type,
    run: (values, locals) => (test.run(values, locals) === true ? left.run(values, locals) : right.run(values, locals)),
  });
}

function compileLogic({ sign, left, right }: NodeOf<'logic'>, compiling: Compiling): Compiled {
  const [first, second] = [compileTruth(left, compiling), compileTruth(right, compiling)];
  const combine = sign === '&&' ? kleeneAnd : kleeneOr;
  return { type: 'boolean', run: combine(first.run, second.run), constant: first.constant && second.constant };
}

/** @throws ExpressionProblem unless the part is true or false */
function compileTruth(node: Node, compiling: Compiling): Compiled {
  const part = compileNode(node, compiling);
  if (commonType(part.type, 'boolean') !== null) return part;
  throw refuseType(node, part.type, { wanted: 'boolean', text: compiling.text });
}
