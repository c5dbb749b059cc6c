import type { CompareOperator, Condition, ListOperator, Literal, Operand, Query } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { readLiteral, readOperand } from './read-operand.ts';

type ReadQuery = (cursor: Cursor) => Query;

/** Conditions of one level: all joined by AND, or all by OR. */
export function readCondition(cursor: Cursor, readQuery: ReadQuery): Condition {
  const first = readSimple(cursor, readQuery);
  const word = cursor.isKeyword('AND') ? 'AND' : cursor.isKeyword('OR') ? 'OR' : null;
  if (word === null) return first;
  const conditions = [first];
  while (cursor.skipKeywords(word)) conditions.push(readSimple(cursor, readQuery));
  const other = word === 'AND' ? 'OR' : 'AND';
  if (cursor.isKeyword(other)) {
    throw cursor.fail(`${other} follows ${word} on one level: say with parentheses which belongs together`);
  }
  return { kind: word === 'AND' ? 'and' : 'or', conditions, offset: first.offset, end: cursor.end };
}

function readSimple(cursor: Cursor, readQuery: ReadQuery): Condition {
  const { offset } = cursor.peek();
  if (cursor.skipKeywords('NOT')) {
    const condition = cursor.nested(() => readSimple(cursor, readQuery));
    return { kind: 'not', condition, offset, end: cursor.end };
  }
  if (!cursor.skipSymbol('(')) return readComparison(cursor, readQuery);
  const inside = cursor.nested(() => readCondition(cursor, readQuery));
  if (!cursor.skipSymbol(')')) throw cursor.expected('AND, OR or )');
  return inside;
}

function readComparison(cursor: Cursor, readQuery: ReadQuery): Condition {
  const left = readOperand(cursor, 'a condition');
  const list = listOperator(cursor);
  if (list !== null) return readList(cursor, { left, operator: list, readQuery });
  const operator = compareOperator(cursor);
  if (operator === 'LIKE' && cursor.peek().kind !== 'string') throw cursor.expected('a text in single quotes');
  const right = readLiteral(cursor);
  return { kind: 'compare', left, operator, right, offset: left.offset, end: right.end };
}

function readList(cursor: Cursor, of: { left: Operand; operator: ListOperator; readQuery: ReadQuery }): Condition {
  const { left, operator } = of;
  if (!cursor.skipSymbol('(')) {
    throw cursor.expected('(', cursor.isSymbol(':') ? 'Bind variables exist only in Apex.' : '');
  }
  if (cursor.isKeyword('SELECT') && (operator === 'IN' || operator === 'NOT IN')) {
    const query = cursor.nested(() => of.readQuery(cursor));
    cursor.expectSymbol(')');
    return { kind: 'semi-join', left, operator, query, offset: left.offset, end: cursor.end };
  }
  const right: Literal[] = cursor.list(() => readLiteral(cursor));
  if (!cursor.skipSymbol(')')) throw cursor.expected(', or )');
  return { kind: 'list', left, operator, right, offset: left.offset, end: cursor.end };
}

function listOperator(cursor: Cursor): ListOperator | null {
  if (cursor.skipKeywords('NOT', 'IN')) return 'NOT IN';
  return (['IN', 'INCLUDES', 'EXCLUDES'] as const).find((word) => cursor.skipKeywords(word)) ?? null;
}

const SYMBOLS: Readonly<Record<string, CompareOperator>> = {
  '=': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

function compareOperator(cursor: Cursor): CompareOperator {
  if (cursor.skipKeywords('LIKE')) return 'LIKE';
  const token = cursor.peek();
  const operator = token.kind === 'symbol' ? SYMBOLS[token.text] : undefined;
  if (operator === undefined) throw cursor.expected('a comparison such as =, != or IN', hintAt(cursor));
  cursor.take();
  if (cursor.isSymbol('=')) throw cursor.expected('a value', 'SOQL compares with a single =.');
  return operator;
}

function hintAt(cursor: Cursor): string {
  if (cursor.isKeyword('IS')) {
    const not = cursor.isKeyword('NOT', 1);
    return `SOQL has no IS ${not ? 'NOT ' : ''}NULL: write ${not ? '!=' : '='} null.`;
  }
  if (cursor.isKeyword('NOT')) return 'NOT stands before the field: NOT Name LIKE ...';
  if (cursor.isKeyword('BETWEEN')) return 'SOQL has no BETWEEN: write >= and <=.';
  return '';
}
