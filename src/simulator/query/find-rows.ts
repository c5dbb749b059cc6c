import type { Condition, Operand, SemiJoin } from '../../soql/ast.ts';
import { kindOf, type Value } from '../schema/object-schema.ts';
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
  const named = namedRows(scope);
  if (named !== null) return named.filter((index) => matches(index)).slice(0, wanted);
  const { size } = scope.table;
  const start = firstIndex(scope);
  let found = new Int32Array(Math.min(1024, size));
  let count = 0;
  for (let index = start; index < size && count < wanted; index += 1) {
    if (!matches(index)) continue;
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

/** The rows that `Id = ` or `Id IN (...)` on the top level names, in the table's order; null where nothing does. */
function namedRows(scope: Scope): Int32Array | null {
  for (const part of topLevel(scope.query.where)) {
    if ((part.kind !== 'compare' && part.kind !== 'list') || !isOwnId(scope, part.left)) continue;
    if (part.operator !== '=' && part.operator !== 'IN') continue;
    const literals = part.kind === 'list' ? part.right : [part.right];
    const indexes = literals.map((literal) => (literal.kind === 'string' ? scope.table.indexOf(literal.value) : -1));
    return Int32Array.from(new Set(indexes.filter((index) => index >= 0))).toSorted();
  }
  return null;
}

/** Where `Id >` or `>=` on the top level lets the search begin; rows that were added later stand behind all others. */
function firstIndex(scope: Scope): number {
  let first = 0;
  for (const part of topLevel(scope.query.where)) {
    if (part.kind !== 'compare' || part.right.kind !== 'string' || !isOwnId(scope, part.left)) continue;
    if (part.operator !== '>' && part.operator !== '>=') continue;
    const index = scope.table.indexOf(part.right.value);
    if (index < scope.table.inIdOrder) first = Math.max(first, index);
  }
  return first;
}

function isOwnId(scope: Scope, operand: Operand): boolean {
  if (operand.kind !== 'path' || !/^(?:\w+\.)?id$/i.test(operand.path)) return false;
  return resolvePath(scope, operand).steps.length === 0;
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
