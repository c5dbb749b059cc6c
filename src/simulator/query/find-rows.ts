import type { Condition, SemiJoin } from '../../soql/ast.ts';
import { kindOf, type Value } from '../schema/object-schema.ts';
import { toId18 } from '../ids.ts';
import { comparable } from './compare.ts';
import { filterOf, type Filter } from './filter.ts';
import { queryProblem } from './query-problem.ts';
import { deletedColumn, resolvePath, type Scope } from './scope.ts';

/** Indexes of the rows that a query means, in its order, after OFFSET and LIMIT. */
export function findRows(scope: Scope): Int32Array {
  const { query } = scope;
  const matches = matcherOf(scope);
  const first = query.offsetRows ?? 0;
  if (first > 2000) {
    throw queryProblem('NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000', {
      soql: scope.soql,
      offset: query.offset,
    });
  }
  const wanted = query.limit === null ? Infinity : first + query.limit;
  if (query.orderBy.length === 0 || isTableOrder(scope)) {
    return collect(scope, matches, wanted).slice(first);
  }
  const found = collect(scope, matches, Infinity);
  sortRows(scope, found);
  return wanted === Infinity ? found.slice(first) : found.slice(first, wanted);
}

function matcherOf(scope: Scope): Filter {
  const { where } = scope.query;
  const filter = where === null ? () => true : filterOf(scope, where, (semiJoin) => valuesOf(scope, semiJoin));
  const { table } = scope;
  if (scope.deletedToo || scope.query.allRows) return (index) => !table.isPurged(index) && filter(index);
  const deleted = deletedColumn(table);
  return (index) => deleted(index) !== true && !table.isPurged(index) && filter(index);
}

function collect(scope: Scope, matches: Filter, wanted: number): Int32Array {
  const { size, inIdOrder } = scope.table;
  const range = idRange(scope);
  let found = new Int32Array(Math.min(1024, size));
  let count = 0;
  for (let index = range.from; index < size && count < wanted; index += 1) {
    // Past the range only rows that were added later can still match, in whatever id order they came.
    if (index === range.until) index = Math.max(index, inIdOrder);
    if (index >= size || !matches(index)) continue;
    if (count === found.length) {
      const larger = new Int32Array(Math.min(size, count * 2));
      larger.set(found);
      found = larger;
    }
    found[count] = index;
    count += 1;
  }
  return found.slice(0, count);
}

/** The part of the generated rows that `Id >`, `>=` or `=` on the top level leaves; it only saves looking. */
function idRange(scope: Scope): { from: number; until: number } {
  let from = 0;
  let until = scope.table.inIdOrder;
  for (const part of topLevel(scope.query.where)) {
    const bound = idBound(scope, part);
    if (bound === null) continue;
    from = Math.max(from, bound.index);
    if (bound.exact) until = Math.min(until, bound.index + 1);
  }
  return { from, until };
}

function idBound(scope: Scope, part: Condition): { index: number; exact: boolean } | null {
  if (part.kind !== 'compare' || part.left.kind !== 'path' || part.right.kind !== 'string') return null;
  if (part.operator !== '=' && part.operator !== '>' && part.operator !== '>=') return null;
  if (!/^(?:\w+\.)?id$/i.test(part.left.path) || resolvePath(scope, part.left).steps.length > 0) return null;
  const index = scope.table.indexOf(toId18(part.right.value) ?? '');
  return index < 0 || index >= scope.table.inIdOrder ? null : { index, exact: part.operator === '=' };
}

function topLevel(where: Condition | null): readonly Condition[] {
  if (where === null) return [];
  return where.kind === 'and' ? where.conditions : [where];
}

function isTableOrder(scope: Scope): boolean {
  const [item] = scope.query.orderBy;
  if (item === undefined || item.direction === 'DESC' || item.by.kind !== 'path') return false;
  const { field, steps } = resolvePath(scope, item.by);
  return field.name === 'Id' && steps.length === 0 && scope.table.size === scope.table.inIdOrder;
}

function sortRows(scope: Scope, found: Int32Array): void {
  const orders = scope.query.orderBy.map((item) => {
    if (item.by.kind !== 'path') {
      throw queryProblem('MALFORMED_QUERY', `the simulated org does not sort by ${item.by.name}()`, {
        soql: scope.soql,
        offset: item.offset,
      });
    }
    const { field, column } = resolvePath(scope, item.by);
    const kind = kindOf(field.type);
    const keys = new Map<number, string | number | null>();
    for (const index of found) keys.set(index, keyOf(column(index)));
    function keyOf(value: Value): string | number | null {
      return value === null || value === '' ? null : comparable(value, kind);
    }
    return { keys, sign: item.direction === 'DESC' ? -1 : 1, nulls: item.nulls === 'LAST' ? 1 : -1 };
  });
  found.sort((left, right) => {
    for (const { keys, sign, nulls } of orders) {
      const a = keys.get(left) ?? null;
      const b = keys.get(right) ?? null;
      if (a === b) continue;
      if (a === null) return nulls;
      if (b === null) return -nulls;
      return a < b ? -sign : sign;
    }
    return left - right;
  });
}

/** The one field of a sub-query, over its rows. */
function valuesOf(scope: Scope, semiJoin: SemiJoin): ReadonlySet<string | number> {
  const { query } = semiJoin;
  const [item] = query.select;
  const table = scope.data.table(query.from.object);
  if (table === undefined || item?.kind !== 'expression' || item.expression.kind !== 'path') {
    throw queryProblem('MALFORMED_QUERY', 'semi join sub-selects take one field of a known object', {
      soql: scope.soql,
      offset: query.offset,
    });
  }
  const inner: Scope = { ...scope, table, query };
  const { field, column } = resolvePath(inner, item.expression);
  const values = new Set<string | number>();
  for (const index of findRows(inner)) {
    const value = column(index);
    if (value !== null) values.add(comparable(value, kindOf(field.type)));
  }
  return values;
}
