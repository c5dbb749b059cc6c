import type { Condition, Path, Query, SelectItem } from './ast.ts';
import { parseCondition, parseOrderBy } from './parse.ts';
import { selectedPaths } from './paths.ts';

/**
 * The query with one more thing that must hold.
 * @param conditionText what may stand after WHERE
 * @throws SoqlSyntaxError with the place in `conditionText`
 */
export function withCondition(query: Query, conditionText: string): Query {
  const added = parseCondition(conditionText);
  return { ...query, where: query.where === null ? added : both(query.where, added) };
}

function both(first: Condition, second: Condition): Condition {
  const conditions = [first, second].flatMap((part) => (part.kind === 'and' ? part.conditions : [part]));
  return { kind: 'and', conditions, offset: first.offset, end: first.end };
}

/** The query that asks for these paths and nothing else. */
export function withFields(query: Query, paths: readonly string[]): Query {
  return { ...query, select: paths.map(selectedPath) };
}

/** The query that asks for these paths too; one that is there already, in any case, is not asked for twice. */
export function withMoreFields(query: Query, paths: readonly string[]): Query {
  const known = new Set(selectedPaths(query).map((path) => path.toLowerCase()));
  const missing = paths.filter((path) => !known.has(path.toLowerCase()));
  return { ...query, select: [...query.select, ...missing.map(selectedPath)] };
}

/** @param limit rows at most; null for all */
export function withLimit(query: Query, limit: number | null): Query {
  return { ...query, limit };
}

/**
 * @param orderText what may stand after ORDER BY; null for no order
 * @throws SoqlSyntaxError with the place in `orderText`
 */
export function withOrderBy(query: Query, orderText: string | null): Query {
  return { ...query, orderBy: orderText === null ? [] : parseOrderBy(orderText) };
}

/** How many rows the query means: `SELECT COUNT() FROM ... WHERE ...`, a LIMIT kept. */
export function countQuery(query: Query): Query {
  const count: SelectItem = {
    kind: 'expression',
    expression: { kind: 'function', name: 'COUNT', args: [], offset: 0, end: 0 },
    alias: null,
    offset: 0,
    end: 0,
  };
  return { ...query, select: [count], orderBy: [], offsetRows: null, for: [], update: null };
}

/** How many rows of the query there are for each value of a field: `SELECT Type, COUNT(Id) FROM ... GROUP BY Type`. */
export function groupedCountQuery(query: Query, path: string): Query {
  const by: Path = { kind: 'path', path, offset: 0, end: 0 };
  const id: Path = { kind: 'path', path: 'Id', offset: 0, end: 0 };
  const counted: SelectItem = {
    kind: 'expression',
    expression: { kind: 'function', name: 'COUNT', args: [id], offset: 0, end: 0 },
    alias: null,
    offset: 0,
    end: 0,
  };
  return {
    ...countQuery(query),
    select: [selectedPath(path), counted],
    groupBy: { by: [by], totals: null },
    limit: null,
  };
}

function selectedPath(path: string): SelectItem {
  const expression: Path = { kind: 'path', path, offset: 0, end: 0 };
  return { kind: 'expression', expression, alias: null, offset: 0, end: 0 };
}
