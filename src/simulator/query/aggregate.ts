import type { Condition, FunctionCall, Literal, Operand } from '../../soql/ast.ts';
import { isAggregate } from '../../soql/parse.ts';
import { kindOf, type FieldType, type Value } from '../schema/object-schema.ts';
import { comparable } from './compare.ts';
import { jsonPrinter } from './json-value.ts';
import { queryProblem } from './query-problem.ts';
import { resolvePath, type Scope } from './scope.ts';

/** At most so many groups come back, and no page follows. */
const MAX_GROUPS = 2000;

interface Measure {
  readonly type: FieldType;
  readonly over: (rows: readonly number[]) => Value;
}

/** Whether the query answers with groups instead of rows. `COUNT()` alone answers with a number and is none. */
export function isAggregateQuery(scope: Scope): boolean {
  const { select, groupBy } = scope.query;
  return groupBy !== null || select.some((item) => item.kind === 'expression' && isAggregateOperand(item.expression));
}

export function isPlainCount(scope: Scope): boolean {
  const [item] = scope.query.select;
  if (scope.query.select.length !== 1 || item?.kind !== 'expression' || item.expression.kind !== 'function')
    return false;
  return item.expression.name.toUpperCase() === 'COUNT' && item.expression.args.length === 0;
}

/** The records of an aggregate query as JSON texts. */
export function aggregateRecords(scope: Scope, rows: Int32Array): string[] {
  const groups = groupRows(scope, rows).filter((group) => havingHolds(scope, scope.query.having, group));
  if (groups.length > MAX_GROUPS) {
    throw queryProblem(
      'EXCEEDED_ID_LIMIT',
      'Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch',
      {
        soql: scope.soql,
        offset: 0,
      },
    );
  }
  let unnamed = 0;
  const columns = scope.query.select.map((item) => {
    if (item.kind !== 'expression') throw unsupported(scope, item.offset);
    const { expression, alias } = item;
    const measure = measureOf(scope, expression);
    const key = alias ?? (expression.kind === 'path' ? expression.path.split('.').at(-1) : `expr${String(unnamed++)}`);
    return { key: key ?? '', measure, print: jsonPrinter(measure.type) };
  });
  const sorted = sortGroups(scope, groups).slice(0, scope.query.limit ?? MAX_GROUPS);
  return sorted.map((group) => {
    const values = columns.map(({ key, measure, print }) => `,${JSON.stringify(key)}:${print(measure.over(group))}`);
    return `{"attributes":{"type":"AggregateResult"}${values.join('')}}`;
  });
}

function groupRows(scope: Scope, rows: Int32Array): number[][] {
  const { groupBy } = scope.query;
  if (groupBy === null) return [[...rows]];
  if (groupBy.totals !== null) throw unsupported(scope, scope.query.offset);
  const keys = groupBy.by.map((operand) => {
    if (operand.kind !== 'path') throw unsupported(scope, operand.offset);
    const { field, column } = resolvePath(scope, operand);
    return (index: number): string | number | null => {
      const value = column(index);
      return value === null || value === '' ? null : comparable(value, kindOf(field.type));
    };
  });
  const groups = new Map<string, number[]>();
  for (const index of rows) {
    const key = JSON.stringify(keys.map((keyOf) => keyOf(index)));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [index]);
    else group.push(index);
  }
  return [...groups.values()];
}

function measureOf(scope: Scope, operand: Operand): Measure {
  if (operand.kind === 'path') {
    const { field, column } = resolvePath(scope, operand);
    return { type: field.type, over: ([first]) => (first === undefined ? null : column(first)) };
  }
  const name = operand.name.toUpperCase();
  const [argument] = operand.args;
  if (name === 'COUNT' && argument === undefined) return { type: 'int', over: (rows) => rows.length };
  if (!isAggregate(name) || argument?.kind !== 'path') throw unsupported(scope, operand.offset);
  const { field, column } = resolvePath(scope, argument);
  const kind = kindOf(field.type);
  const valuesOf = (rows: readonly number[]): (string | number | boolean)[] =>
    rows.flatMap((index) => {
      const value = column(index);
      return value === null || value === '' ? [] : [value];
    });
  const numbersOf = (rows: readonly number[]): number[] => valuesOf(rows).map(Number);
  switch (name) {
    case 'COUNT':
      return { type: 'int', over: (rows) => valuesOf(rows).length };
    case 'COUNT_DISTINCT':
      return { type: 'int', over: (rows) => new Set(valuesOf(rows).map((value) => comparable(value, kind))).size };
    case 'SUM':
      return { type: 'double', over: (rows) => sum(numbersOf(rows)) };
    case 'AVG':
      return { type: 'double', over: (rows) => divide(sum(numbersOf(rows)), numbersOf(rows).length) };
    default:
      return { type: field.type, over: (rows) => extreme(valuesOf(rows), name === 'MIN' ? -1 : 1) };
  }
}

function sum(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : numbers.reduce((total, number) => total + number, 0);
}

function divide(total: number | null, count: number): number | null {
  return total === null || count === 0 ? null : total / count;
}

function extreme(values: readonly (string | number | boolean)[], sign: 1 | -1): Value {
  let best: Value = null;
  for (const value of values) if (best === null || (sign > 0 ? value > best : value < best)) best = value;
  return best;
}

function havingHolds(scope: Scope, having: Condition | null, group: readonly number[]): boolean {
  if (having === null) return true;
  switch (having.kind) {
    case 'and':
      return having.conditions.every((part) => havingHolds(scope, part, group));
    case 'or':
      return having.conditions.some((part) => havingHolds(scope, part, group));
    case 'not':
      return !havingHolds(scope, having.condition, group);
    case 'compare': {
      const value = measureOf(scope, having.left).over(group);
      return compares(value, having.operator, literalValue(scope, having.right));
    }
    case 'list':
    case 'semi-join':
      break;
  }
  throw unsupported(scope, having.offset);
}

function compares(value: Value, operator: string, wanted: Value): boolean {
  if (operator === '=' || operator === '!=') return (value === wanted) === (operator === '=');
  if (value === null || wanted === null) return false;
  const order = value < wanted ? -1 : value > wanted ? 1 : 0;
  if (order === 0) return operator.endsWith('=');
  return operator.startsWith(order < 0 ? '<' : '>');
}

function literalValue(scope: Scope, literal: Literal): Value {
  if (literal.kind === 'null') return null;
  if (literal.kind === 'number' || literal.kind === 'boolean' || literal.kind === 'string') return literal.value;
  throw unsupported(scope, literal.offset);
}

function sortGroups(scope: Scope, groups: number[][]): number[][] {
  const orders = scope.query.orderBy.map((item) => ({
    over: measureOf(scope, item.by).over,
    sign: item.direction === 'DESC' ? -1 : 1,
  }));
  return groups.toSorted((left, right) => {
    for (const { over, sign } of orders) {
      const a = over(left) ?? '';
      const b = over(right) ?? '';
      if (a !== b) return a < b ? -sign : sign;
    }
    return 0;
  });
}

function isAggregateOperand(operand: Operand): operand is FunctionCall {
  return operand.kind === 'function' && isAggregate(operand.name);
}

function unsupported(scope: Scope, offset: number): Error {
  return queryProblem('MALFORMED_QUERY', 'the simulated org cannot group like this', { soql: scope.soql, offset });
}
