import { type Compiled, type CompileNode, type Compiling, constantOf, constantValue, type Run } from './compiled.ts';
import { asNumber, asText, commonType, isList, isNumeric, type Type, typeText, type Value } from './kinds.ts';
import { membership } from './membership.ts';
import { divide, remainder, tidy } from './numbers.ts';
import { ExpressionProblem } from './problem.ts';
import { refuseType, turn } from './refuse-type.ts';
import { concatenate } from './texts.ts';
import type { Node, NodeOf } from './tree.ts';

type Binary = NodeOf<'binary'>;
type Sides = readonly [left: Compiled, right: Compiled];

/** @throws ExpressionProblem where the sign means nothing between such types */
export function compileBinary(node: Binary, compiling: Compiling, compile: CompileNode): Compiled {
  const sides: Sides = [compile(node.left, compiling), compile(node.right, compiling)];
  switch (node.sign) {
    case '==':
    case '!=':
      return compileEquality(node, sides, compiling);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compileOrder(node, sides, compiling);
    case 'in':
      return compileIn(node, sides, compiling);
    case '+':
      if (commonType(sides[0].type, 'text') === 'text') return compileJoin(node, sides, compiling);
      return compileArithmetic(node, sides, compiling);
    case '-':
    case '*':
    case '/':
    case '%':
      return compileArithmetic(node, sides, compiling);
  }
}

/** `!x`, which is null when x is; `-x`. */
export function compileUnary({ sign, of }: NodeOf<'unary'>, compiling: Compiling, compile: CompileNode): Compiled {
  const part = compile(of, compiling);
  const { run } = part;
  if (sign === '!') {
    if (commonType(part.type, 'boolean') === null) {
      throw refuseType(of, part.type, { wanted: 'boolean', text: compiling.text });
    }
    return constantOf([part], { type: 'boolean', run: (values, locals) => negated(run(values, locals)) });
  }
  const type = numericType(part.type);
  if (type === null) throw refuseType(of, part.type, { wanted: 'number', text: compiling.text });
  return constantOf([part], { type, run: whenGiven(run, (value) => -asNumber(value)) });
}

function negated(value: Value): Value {
  return value === null ? null : value === false;
}

function whenGiven(run: Run, then: (value: Value) => Value): Run {
  return (values, locals) => {
    const value = run(values, locals);
    return value === null ? null : then(value);
  };
}

/** Both sides, and what is made of them; null when either is. */
function whenBothGiven([left, right]: Sides, then: (left: Value, right: Value) => Value): Run {
  const [first, second] = [left.run, right.run];
  return (values, locals) => {
    const [a, b] = [first(values, locals), second(values, locals)];
    return a === null || b === null ? null : then(a, b);
  };
}

/** Never null: null equals null and nothing else. */
function compileEquality(node: Binary, sides: Sides, compiling: Compiling): Compiled {
  const [left, right] = sides;
  const common = commonType(left.type, right.type);
  const isNullTest = left.type === 'null' || right.type === 'null';
  if (common === null || (!isNullTest && (isList(common) || common === 'json')))
    throw neverEqual(node, sides, compiling);
  refuseEmptyText(node, compiling);
  const [first, second] = [left.run, right.run];
  const run: Run =
    node.sign === '=='
      ? (values, locals) => first(values, locals) === second(values, locals)
      : (values, locals) => first(values, locals) !== second(values, locals);
  return constantOf(sides, { type: 'boolean', run });
}

/** A column or field that is empty is read as null, so such a comparison would always be false. */
function refuseEmptyText({ left, right, sign, start, end }: Binary, { text, locals }: Compiling): void {
  const name = [left, right].find((side) => side.kind === 'member' || (side.kind === 'name' && !locals.has(side.name)));
  if (name === undefined || !(isEmptyText(left) || isEmptyText(right))) return;
  throw new ExpressionProblem('a value that is empty is null, never ""', start, {
    length: end - start,
    suggestion: `Write ${sign === '==' ? '' : '!'}blank(${text.slice(name.start, name.end)}).`,
  });
}

function isEmptyText(node: Node): boolean {
  return node.kind === 'literal' && node.value === '';
}

function compileOrder(node: Binary, sides: Sides, compiling: Compiling): Compiled {
  const common = commonType(sides[0].type, sides[1].type);
  if (common === null) throw neverEqual(node, sides, compiling);
  if (isNumeric(common)) return constantOf(sides, { type: 'boolean', run: compareNumbers(node.sign, sides) });
  if (isList(common) || common === 'boolean' || common === 'json' || common === 'null') {
    throw new ExpressionProblem(
      `${typeText(common)} has no order: ${node.sign} compares numbers, dates and texts`,
      node.start,
      {
        length: node.end - node.start,
      },
    );
  }
  return constantOf(sides, { type: 'boolean', run: compareTexts(node.sign, sides) });
}

function compareNumbers(sign: Binary['sign'], sides: Sides): Run {
  if (sign === '<') return whenBothGiven(sides, (a, b) => asNumber(a) < asNumber(b));
  if (sign === '<=') return whenBothGiven(sides, (a, b) => asNumber(a) <= asNumber(b));
  if (sign === '>') return whenBothGiven(sides, (a, b) => asNumber(a) > asNumber(b));
  return whenBothGiven(sides, (a, b) => asNumber(a) >= asNumber(b));
}

/** Dates and timestamps are texts that sort by time. */
function compareTexts(sign: Binary['sign'], sides: Sides): Run {
  if (sign === '<') return whenBothGiven(sides, (a, b) => asText(a) < asText(b));
  if (sign === '<=') return whenBothGiven(sides, (a, b) => asText(a) <= asText(b));
  if (sign === '>') return whenBothGiven(sides, (a, b) => asText(a) > asText(b));
  return whenBothGiven(sides, (a, b) => asText(a) >= asText(b));
}

function compileIn(node: Binary, sides: Sides, compiling: Compiling): Compiled {
  const [left, right] = sides;
  if (!isList(right.type)) {
    const part = compiling.text.slice(node.right.start, node.right.end);
    const suggestion =
      right.type === 'text' ? { suggestion: `For a part of a text, write contains(${part}, ...).` } : {};
    throw new ExpressionProblem(
      `in looks into a list, and this is ${typeText(right.type)}`,
      node.right.start,
      suggestion,
    );
  }
  refuseStranger(left.type, right.type.list, { node: node.left, text: compiling.text });
  const includes = membership(constantValue(right));
  return constantOf(sides, { type: 'boolean', run: whenBothGiven(sides, includes) });
}

/** @throws ExpressionProblem when a value of the type cannot be among such items */
export function refuseStranger(type: Type, item: Type, { node, text }: { node: Node; text: string }): void {
  if (commonType(type, item) === null || isList(type)) throw refuseType(node, type, { wanted: item, text });
}

function compileJoin(node: Binary, sides: Sides, compiling: Compiling): Compiled {
  const [, right] = sides;
  if (commonType(right.type, 'text') !== 'text') {
    throw refuseType(node.right, right.type, { wanted: 'text', text: compiling.text });
  }
  return constantOf(sides, { type: 'text', run: whenBothGiven(sides, (a, b) => concatenate([a, b])) });
}

function compileArithmetic(node: Binary, sides: Sides, compiling: Compiling): Compiled {
  const [left, right] = sides;
  const [leftType, rightType] = [numericType(left.type), numericType(right.type)];
  const wanted = { wanted: 'number', text: compiling.text } as const;
  if (leftType === null) throw noArithmetic(node, left.type) ?? refuseType(node.left, left.type, wanted);
  if (rightType === null) throw noArithmetic(node, right.type) ?? refuseType(node.right, right.type, wanted);
  const whole = leftType === 'integer' && rightType === 'integer' && node.sign !== '/';
  return constantOf(sides, { type: whole ? 'integer' : 'number', run: arithmetic(node.sign, sides) });
}

function arithmetic(sign: Binary['sign'], sides: Sides): Run {
  if (sign === '+') return whenBothGiven(sides, (a, b) => tidy(asNumber(a) + asNumber(b)));
  if (sign === '-') return whenBothGiven(sides, (a, b) => tidy(asNumber(a) - asNumber(b)));
  if (sign === '*') return whenBothGiven(sides, (a, b) => tidy(asNumber(a) * asNumber(b)));
  if (sign === '/') return whenBothGiven(sides, (a, b) => divide(asNumber(a), asNumber(b)));
  return whenBothGiven(sides, (a, b) => remainder(asNumber(a), asNumber(b)));
}

/** As a number of what kind the type counts; a null counts as an integer that is not there. */
function numericType(type: Type): 'integer' | 'number' | null {
  if (type === 'null') return 'integer';
  return type === 'integer' || type === 'number' ? type : null;
}

function noArithmetic({ sign, start, end }: Binary, type: Type): ExpressionProblem | null {
  if (type !== 'date' && type !== 'timestamp') return null;
  return new ExpressionProblem(`${sign} does not count with dates`, start, {
    length: end - start,
    suggestion: 'Write days(from, to) or years(from, to).',
  });
}

function neverEqual(node: Binary, [left, right]: Sides, { text }: Compiling): ExpressionProblem {
  const message = `${typeText(left.type)} cannot be compared with ${typeText(right.type)}`;
  const [a, b] = [text.slice(node.left.start, node.left.end), text.slice(node.right.start, node.right.end)];
  // What is text is what can be read as the other.
  const turned =
    left.type === 'text' ? turn('text', comparable(right.type), a) : turn(right.type, comparable(left.type), b);
  return new ExpressionProblem(message, node.start, {
    length: node.end - node.start,
    ...(turned === null ? {} : { suggestion: `Write ${turned}.` }),
  });
}

/** Whole or not makes no difference to a comparison. */
function comparable(type: Type): Type {
  return type === 'integer' ? 'number' : type;
}
