import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js';
import { ExpressionProblem } from './problem.ts';
import { problemOf } from './syntax-problem.ts';
import type { BinarySign, Node, NodeOf } from './tree.ts';

/** In UTF-16 units. What is longer is no rule that a person reads in a mapping; a plugin is for that. */
const MAX_LENGTH = 2000;

// Parses only: the names, types and functions of the library's own environment are never asked for.
const CEL = new Environment({
  limits: { maxAstNodes: 1000, maxDepth: 40, maxListElements: 500, maxCallArguments: 32, maxMapEntries: 32 },
});

/**
 * Reads the text of an expression.
 * @throws ExpressionProblem
 */
export function parse(text: string): Node {
  if (text.length > MAX_LENGTH) {
    const suggestion = 'Break it up into columns that build on each other, or write a plugin function.';
    throw new ExpressionProblem(`an expression has at most ${MAX_LENGTH} characters`, MAX_LENGTH, { suggestion });
  }
  if (text.trim() === '') throw new ExpressionProblem('the expression is empty', 0);
  return nodeOf(astOf(text));
}

function astOf(text: string): ASTNode {
  try {
    return CEL.parse(text).ast;
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw problemOf({ code: error.code, summary: error.summary, offset: error.range?.start ?? 0 }, text);
  }
}

function nodeOf(ast: ASTNode): Node {
  const place = { start: ast.start, end: ast.end };
  switch (ast.op) {
    case 'value':
      return literalOf(ast.args, place);
    case 'id':
      return { kind: 'name', name: ast.args, ...place };
    case '.':
      return { kind: 'member', of: nodeOf(ast.args[0]), name: ast.args[1], at: ast.pos, ...place };
    case '[]':
      return memberOf(ast.args, place);
    case 'call':
      return { kind: 'call', name: ast.args[0], args: ast.args[1].map(nodeOf), ...place };
    case 'rcall': {
      const [name, receiver, args] = ast.args;
      const at = ast.input.indexOf(name, ast.input.indexOf('.', receiver.end));
      return { kind: 'method', name, of: nodeOf(receiver), args: args.map(nodeOf), at, ...place };
    }
    case 'list':
      return { kind: 'list', items: ast.args.map(nodeOf), ...place };
    case '?:': {
      const [condition, yes, no] = ast.args;
      return { kind: 'choice', condition: nodeOf(condition), yes: nodeOf(yes), no: nodeOf(no), ...place };
    }
    case '&&':
    case '||':
      return { kind: 'logic', sign: ast.op, left: nodeOf(ast.args[0]), right: nodeOf(ast.args[1]), ...place };
    case '!_':
      return { kind: 'unary', sign: '!', of: nodeOf(ast.args), ...place };
    case '-_':
      return negated(nodeOf(ast.args), place);
    case 'map':
      throw new ExpressionProblem('expressions have no maps', ast.start, {
        suggestion: 'Name a shared value map with `map:` at the column.',
      });
    case '.?':
    case '[?]':
      throw new ExpressionProblem('expressions have no optional parts', ast.start);
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case 'in':
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return binaryOf(ast.op, ast.args, place);
  }
}

type Place = Pick<Node, 'start' | 'end'>;

function binaryOf(sign: BinarySign, [left, right]: readonly [ASTNode, ASTNode], place: Place): Node {
  return { kind: 'binary', sign, left: nodeOf(left), right: nodeOf(right), ...place };
}

/** `-5` is a literal, so that it can be judged as one. */
function negated(of: Node, place: Place): Node {
  if (of.kind !== 'literal' || typeof of.value !== 'number') return { kind: 'unary', sign: '-', of, ...place };
  return { ...of, value: 0 - of.value, ...place };
}

function literalOf(value: unknown, place: Place): NodeOf<'literal'> {
  if (value === null) return { kind: 'literal', type: 'null', value, ...place };
  if (typeof value === 'boolean') return { kind: 'literal', type: 'boolean', value, ...place };
  if (typeof value === 'string') return { kind: 'literal', type: 'text', value, ...place };
  if (typeof value === 'number') return { kind: 'literal', type: 'number', value, ...place };
  if (typeof value !== 'bigint') {
    throw new ExpressionProblem('this form of a literal has no meaning here', place.start, {
      suggestion: 'Write texts as "abc" and numbers as 12 or 1.5.',
    });
  }
  if (!Number.isSafeInteger(Number(value))) {
    throw new ExpressionProblem('a number is too large to compute with exactly', place.start);
  }
  return { kind: 'literal', type: 'integer', value: Number(value), ...place };
}

function memberOf([of, index]: readonly [ASTNode, ASTNode], place: Place): Node {
  if (index.op === 'value' && typeof index.args === 'string') {
    return { kind: 'member', of: nodeOf(of), name: index.args, at: index.start, ...place };
  }
  throw new ExpressionProblem('brackets hold a name in quotation marks: row["postal code"]', index.start, {
    suggestion: 'For an item of a list, write nth(list, 1): the first is 1.',
  });
}
