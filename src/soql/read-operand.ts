import type { FunctionCall, Literal, Operand, Path } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { unescapeText } from './text-escapes.ts';
import { isRelativeDate, takesCount } from './relative-dates.ts';

/** Words that end an expression, so that they can be neither a field nor an alias by mistake. */
const RESERVED = new Set(
  (
    'SELECT FROM WHERE USING WITH GROUP HAVING ORDER LIMIT OFFSET FOR UPDATE ALL ' +
    'AND OR NOT IN LIKE INCLUDES EXCLUDES ASC DESC NULLS WHEN THEN ELSE END'
  ).split(' '),
);

export function isReserved(word: string): boolean {
  return RESERVED.has(word.toUpperCase());
}

export function readPath(cursor: Cursor, what = 'a field'): Path {
  const token = cursor.peek();
  if (token.kind !== 'word' || isReserved(token.text)) throw cursor.expected(what);
  cursor.take();
  return { kind: 'path', path: token.text, offset: token.offset, end: token.end };
}

/** A field, or a function of fields and values. */
export function readOperand(cursor: Cursor, what = 'a field'): Operand {
  return cursor.isSymbol('(', 1) ? readFunction(cursor, what) : readPath(cursor, what);
}

function readFunction(cursor: Cursor, what: string): FunctionCall {
  const name = readPath(cursor, what);
  if (name.path.includes('.')) throw cursor.expected('a comma or the next clause');
  cursor.expectSymbol('(');
  const args = cursor.isSymbol(')') ? [] : cursor.list(() => cursor.nested(() => readArgument(cursor)));
  cursor.expectSymbol(')');
  return { kind: 'function', name: name.path, args, offset: name.offset, end: cursor.end };
}

function readArgument(cursor: Cursor): Operand | Literal {
  return cursor.peek().kind === 'word' ? readOperand(cursor) : readLiteral(cursor);
}

/** A value on the right of a comparison. */
export function readLiteral(cursor: Cursor): Literal {
  const token = cursor.peek();
  const span = { offset: token.offset, end: token.end };
  switch (token.kind) {
    case 'string':
      cursor.take();
      return { kind: 'string', value: unescapeText(token.text), raw: token.text, ...span };
    case 'number':
      cursor.take();
      return { kind: 'number', value: Number(token.text), raw: token.text, ...span };
    case 'date':
    case 'datetime':
      cursor.take();
      return { kind: token.kind, raw: token.text, ...span };
    case 'word':
      return readWordLiteral(cursor);
    case 'symbol':
    case 'end':
      throw cursor.expected('a value', cursor.isSymbol(':') ? 'Bind variables exist only in Apex.' : '');
  }
}

function readWordLiteral(cursor: Cursor): Literal {
  const token = cursor.peek();
  const span = { offset: token.offset, end: token.end };
  const word = token.text.toUpperCase();
  if (word === 'NULL') {
    cursor.take();
    return { kind: 'null', ...span };
  }
  if (word === 'TRUE' || word === 'FALSE') {
    cursor.take();
    return { kind: 'boolean', value: word === 'TRUE', ...span };
  }
  if (!isRelativeDate(word)) throw cursor.expected('a value', 'A text stands in single quotes.');
  cursor.take();
  if (!takesCount(word)) return { kind: 'relative-date', name: word, count: null, ...span };
  cursor.expectSymbol(':');
  const count = cursor.expectWholeNumber(`the number after ${word}:`);
  return { kind: 'relative-date', name: word, count, offset: token.offset, end: cursor.end };
}
