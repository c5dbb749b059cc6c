import type { Condition, ForUse, From, GroupBy, OrderItem, Query, WithMode } from './ast.ts';
import { Cursor } from './cursor.ts';
import { readCondition } from './read-condition.ts';
import { isReserved, readOperand } from './read-operand.ts';
import { readSelect } from './read-select.ts';
import { SoqlSyntaxError } from './syntax-error.ts';

const CLAUSE_ORDER = 'SELECT, FROM, USING SCOPE, WHERE, WITH, GROUP BY, HAVING, ORDER BY, LIMIT, OFFSET, FOR, ALL ROWS';

const AGGREGATES = new Set(['COUNT', 'COUNT_DISTINCT', 'SUM', 'AVG', 'MIN', 'MAX']);

/**
 * Reads a whole query.
 * @throws SoqlSyntaxError with the place and what was expected there
 */
export function parseSoql(text: string): Query {
  const cursor = new Cursor(text);
  const query = readQuery(cursor);
  if (cursor.peek().kind !== 'end') throw unexpected(cursor);
  return query;
}

/**
 * Reads what may stand after WHERE.
 * @throws SoqlSyntaxError with the place in `text`
 */
export function parseCondition(text: string): Condition {
  const cursor = new Cursor(text);
  const condition = readCondition(cursor, readQuery);
  if (cursor.peek().kind !== 'end') throw cursor.expected('AND, OR or the end of the condition');
  return condition;
}

/**
 * Reads what may stand after ORDER BY.
 * @throws SoqlSyntaxError with the place in `text`
 */
export function parseOrderBy(text: string): OrderItem[] {
  const cursor = new Cursor(text);
  const items = cursor.list(() => readOrderItem(cursor));
  if (cursor.peek().kind !== 'end') throw cursor.expected('a comma or the end of the order');
  return items;
}

/** Whether a selected expression is computed over many rows. */
export function isAggregate(name: string): boolean {
  return AGGREGATES.has(name.toUpperCase());
}

function readQuery(cursor: Cursor): Query {
  const { offset } = cursor.peek();
  cursor.expectKeyword('SELECT');
  const select = readSelect(cursor, readQuery);
  if (!cursor.skipKeywords('FROM')) throw cursor.expected('FROM or a comma');
  const head = { offset, select, from: readFrom(cursor), scope: readScope(cursor) };
  const where = cursor.skipKeywords('WHERE') ? readCondition(cursor, readQuery) : null;
  const mode = readWith(cursor);
  const groupBy = cursor.skipKeywords('GROUP', 'BY') ? readGroupBy(cursor) : null;
  const having = cursor.skipKeywords('HAVING') ? readCondition(cursor, readQuery) : null;
  const query: Query = { ...head, where, with: mode, groupBy, having, ...readTail(cursor), end: cursor.end };
  refuseStrayAlias(query);
  return query;
}

function readTail(cursor: Cursor): Pick<Query, 'orderBy' | 'limit' | 'offsetRows' | 'for' | 'update' | 'allRows'> {
  return {
    orderBy: cursor.skipKeywords('ORDER', 'BY') ? cursor.list(() => readOrderItem(cursor)) : [],
    limit: cursor.skipKeywords('LIMIT') ? cursor.expectWholeNumber('the limit') : null,
    offsetRows: cursor.skipKeywords('OFFSET') ? cursor.expectWholeNumber('the offset') : null,
    for: readFor(cursor),
    update: cursor.skipKeywords('UPDATE') ? cursor.expectOneOf(['TRACKING', 'VIEWSTAT'] as const) : null,
    allRows: cursor.skipKeywords('ALL', 'ROWS'),
  };
}

function readFrom(cursor: Cursor): From {
  const object = cursor.peek();
  if (object.kind !== 'word' || isReserved(object.text)) throw cursor.expected('an object');
  cursor.take();
  cursor.skipKeywords('AS');
  const next = cursor.peek();
  const alias = next.kind === 'word' && !isReserved(next.text) ? cursor.take().text : null;
  return { object: object.text, alias, offset: object.offset, end: cursor.end };
}

function readScope(cursor: Cursor): string | null {
  if (!cursor.skipKeywords('USING')) return null;
  cursor.expectKeyword('SCOPE');
  return cursor.expectWord('a scope').text;
}

function readWith(cursor: Cursor): WithMode | null {
  if (!cursor.skipKeywords('WITH')) return null;
  return cursor.expectOneOf(['SECURITY_ENFORCED', 'USER_MODE', 'SYSTEM_MODE'] as const);
}

function readGroupBy(cursor: Cursor): GroupBy {
  const totals = (['ROLLUP', 'CUBE'] as const).find((word) => cursor.isKeyword(word) && cursor.isSymbol('(', 1));
  if (totals === undefined) return { by: cursor.list(() => readOperand(cursor)), totals: null };
  cursor.take();
  cursor.expectSymbol('(');
  const by = cursor.list(() => readOperand(cursor));
  cursor.expectSymbol(')');
  return { by, totals };
}

function readOrderItem(cursor: Cursor): OrderItem {
  const by = readOperand(cursor);
  const direction = (['ASC', 'DESC'] as const).find((word) => cursor.skipKeywords(word)) ?? 'ASC';
  const nulls = cursor.skipKeywords('NULLS') ? cursor.expectOneOf(['FIRST', 'LAST'] as const) : null;
  return { by, direction, nulls, offset: by.offset, end: cursor.end };
}

function readFor(cursor: Cursor): ForUse[] {
  const uses: ForUse[] = [];
  while (cursor.skipKeywords('FOR')) uses.push(cursor.expectOneOf(['VIEW', 'REFERENCE', 'UPDATE'] as const));
  return uses;
}

function unexpected(cursor: Cursor): SoqlSyntaxError {
  const token = cursor.peek();
  if (token.kind === 'word' && isReserved(token.text)) {
    return cursor.fail(`unexpected ${token.text.toUpperCase()} here: clauses come in the order ${CLAUSE_ORDER}`);
  }
  return cursor.expected('the end of the query');
}

/** `SELECT Id Name FROM ...` reads as Id called Name; Salesforce refuses that outside of aggregates, and so do we. */
function refuseStrayAlias(query: Query): void {
  const expressions = query.select.filter((item) => item.kind === 'expression');
  const functions = expressions.some((item) => item.expression.kind === 'function');
  if (query.groupBy !== null || functions) return;
  const stray = expressions.find((item) => item.alias !== null);
  if (stray?.alias == null) return;
  throw new SoqlSyntaxError(
    `expected FROM or a comma, found ${stray.alias}. Only aggregate queries name their fields anew`,
    stray.end - stray.alias.length,
  );
}
