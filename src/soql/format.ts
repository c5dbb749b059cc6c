import type { Condition, GroupBy, Literal, Operand, OrderItem, Query, SelectItem } from './ast.ts';

/** The query as one line; reading it again gives the same query. */
export function formatSoql(query: Query): string {
  const { from, groupBy } = query;
  return [
    `SELECT ${query.select.map(formatItem).join(', ')}`,
    `FROM ${from.object}${from.alias === null ? '' : ` ${from.alias}`}`,
    query.scope === null ? '' : `USING SCOPE ${query.scope}`,
    query.where === null ? '' : `WHERE ${formatCondition(query.where)}`,
    query.with === null ? '' : `WITH ${query.with}`,
    groupBy === null ? '' : `GROUP BY ${formatGroupBy(groupBy)}`,
    query.having === null ? '' : `HAVING ${formatCondition(query.having)}`,
    query.orderBy.length === 0 ? '' : `ORDER BY ${query.orderBy.map(formatOrderItem).join(', ')}`,
    query.limit === null ? '' : `LIMIT ${String(query.limit)}`,
    query.offsetRows === null ? '' : `OFFSET ${String(query.offsetRows)}`,
    ...query.for.map((use) => `FOR ${use}`),
    query.update === null ? '' : `UPDATE ${query.update}`,
    query.allRows ? 'ALL ROWS' : '',
  ]
    .filter((clause) => clause !== '')
    .join(' ');
}

function formatCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.conditions.map(formatInner).join(` ${condition.kind.toUpperCase()} `);
    case 'not':
      return `NOT ${formatInner(condition.condition)}`;
    case 'compare':
      return `${formatOperand(condition.left)} ${condition.operator} ${formatLiteral(condition.right)}`;
    case 'list':
      return `${formatOperand(condition.left)} ${condition.operator} (${condition.right.map(formatLiteral).join(', ')})`;
    case 'semi-join':
      return `${formatOperand(condition.left)} ${condition.operator} (${formatSoql(condition.query)})`;
  }
}

function formatInner(condition: Condition): string {
  const joins = condition.kind === 'and' || condition.kind === 'or' || condition.kind === 'not';
  return joins ? `(${formatCondition(condition)})` : formatCondition(condition);
}

function formatItem(item: SelectItem): string {
  switch (item.kind) {
    case 'expression':
      return `${formatOperand(item.expression)}${item.alias === null ? '' : ` ${item.alias}`}`;
    case 'fields':
      return `FIELDS(${item.which})`;
    case 'children':
      return `(${formatSoql(item.query)})`;
    case 'typeof': {
      const branches = item.branches.map(({ object, paths }) => `WHEN ${object} THEN ${formatPaths(paths)}`);
      const otherwise = item.otherwise.length === 0 ? [] : [`ELSE ${formatPaths(item.otherwise)}`];
      return ['TYPEOF', item.relationship, ...branches, ...otherwise, 'END'].join(' ');
    }
  }
}

function formatPaths(paths: readonly Operand[]): string {
  return paths.map(formatOperand).join(', ');
}

function formatOperand(operand: Operand): string {
  if (operand.kind === 'path') return operand.path;
  const args = operand.args.map((arg) =>
    arg.kind === 'path' || arg.kind === 'function' ? formatOperand(arg) : formatLiteral(arg),
  );
  return `${operand.name}(${args.join(', ')})`;
}

function formatLiteral(literal: Literal): string {
  switch (literal.kind) {
    case 'string':
      return `'${literal.raw}'`;
    case 'number':
    case 'date':
    case 'datetime':
      return literal.raw;
    case 'boolean':
      return String(literal.value);
    case 'null':
      return 'null';
    case 'relative-date':
      return literal.count === null ? literal.name : `${literal.name}:${String(literal.count)}`;
  }
}

function formatGroupBy({ by, totals }: GroupBy): string {
  return totals === null ? formatPaths(by) : `${totals}(${formatPaths(by)})`;
}

function formatOrderItem({ by, direction, nulls }: OrderItem): string {
  return [formatOperand(by), direction === 'DESC' ? 'DESC' : '', nulls === null ? '' : `NULLS ${nulls}`]
    .filter((part) => part !== '')
    .join(' ');
}
