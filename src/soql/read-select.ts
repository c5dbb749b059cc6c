import type { Path, Query, SelectItem, SelectedExpression, SelectedTypeof } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { isReserved, readOperand, readPath } from './read-operand.ts';

type ReadQuery = (cursor: Cursor) => Query;

/** The list between SELECT and FROM. */
export function readSelect(cursor: Cursor, readQuery: ReadQuery): SelectItem[] {
  return cursor.list(() => readItem(cursor, readQuery));
}

function readItem(cursor: Cursor, readQuery: ReadQuery): SelectItem {
  const { offset } = cursor.peek();
  if (cursor.skipSymbol('(')) {
    const query = cursor.nested(() => readQuery(cursor));
    cursor.expectSymbol(')');
    return { kind: 'children', query, offset, end: cursor.end };
  }
  if (cursor.isKeyword('TYPEOF') && cursor.peek(1).kind === 'word') return readTypeof(cursor);
  if (cursor.isKeyword('FIELDS') && cursor.isSymbol('(', 1)) {
    cursor.take();
    cursor.take();
    const which = cursor.expectOneOf(['ALL', 'STANDARD', 'CUSTOM']);
    cursor.expectSymbol(')');
    return { kind: 'fields', which, offset, end: cursor.end };
  }
  return readExpression(cursor);
}

function readExpression(cursor: Cursor): SelectedExpression {
  const expression = readOperand(cursor);
  const next = cursor.peek();
  const alias = next.kind === 'word' && !isReserved(next.text) ? cursor.take().text : null;
  return { kind: 'expression', expression, alias, offset: expression.offset, end: cursor.end };
}

function readTypeof(cursor: Cursor): SelectedTypeof {
  const { offset } = cursor.take();
  const relationship = readPath(cursor, 'a relationship').path;
  const branches: { object: string; paths: Path[] }[] = [];
  while (cursor.skipKeywords('WHEN')) {
    const object = cursor.expectWord('an object').text;
    cursor.expectKeyword('THEN');
    branches.push({ object, paths: cursor.list(() => readPath(cursor)) });
  }
  if (branches.length === 0) throw cursor.expected('WHEN');
  const otherwise = cursor.skipKeywords('ELSE') ? cursor.list(() => readPath(cursor)) : [];
  cursor.expectKeyword('END');
  return { kind: 'typeof', relationship, branches, otherwise, offset, end: cursor.end };
}
