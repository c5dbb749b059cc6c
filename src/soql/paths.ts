import type { Condition, Literal, Operand, Path, Query, SelectItem } from './ast.ts';

/** A field that a query names, without the alias of its FROM, and where. */
export type FieldUse = Path;

/**
 * Every field whose value the SELECT asks for, in its order, as paths from the queried object.
 * Children, aggregates and FIELDS() are not paths and are left out.
 */
export function selectedFields(query: Query): FieldUse[] {
  return query.select.flatMap(pathsOfItem).map((path) => withoutAlias(path, query));
}

/** The texts of `selectedFields`. */
export function selectedPaths(query: Query): string[] {
  return selectedFields(query).map((use) => use.path);
}

/** Every field that WHERE, GROUP BY, HAVING and ORDER BY name, sub-queries aside. */
export function filteredFields(query: Query): FieldUse[] {
  const operands = [
    ...operandsOf(query.where),
    ...(query.groupBy?.by ?? []),
    ...operandsOf(query.having),
    ...query.orderBy.map((item) => item.by),
  ];
  return operands.flatMap(pathsOfOperand).map((path) => withoutAlias(path, query));
}

/** `c.Name` and `Contact.Name` are both Name in `FROM Contact c`. */
function withoutAlias(use: Path, query: Query): Path {
  const [head, ...rest] = use.path.split('.');
  const first = head?.toLowerCase();
  const { alias, object } = query.from;
  const isAlias = first === alias?.toLowerCase() || first === object.toLowerCase();
  return rest.length > 0 && isAlias ? { ...use, path: rest.join('.') } : use;
}

function pathsOfItem(item: SelectItem): Path[] {
  if (item.kind === 'expression') {
    if (item.expression.kind === 'path') return [item.expression];
    return LABELS.has(item.expression.name.toUpperCase()) ? pathsOfOperand(item.expression) : [];
  }
  if (item.kind !== 'typeof') return [];
  const paths = [...item.branches.flatMap((branch) => branch.paths), ...item.otherwise];
  return paths.map(({ path, offset, end }) => ({ kind: 'path', path: `${item.relationship}.${path}`, offset, end }));
}

/** Functions that show one field otherwise; without an alias the answer carries the field's own name. */
const LABELS = new Set(['TOLABEL', 'FORMAT', 'CONVERTCURRENCY']);

function pathsOfOperand(operand: Operand | Literal): Path[] {
  if (operand.kind === 'path') return [operand];
  return operand.kind === 'function' ? operand.args.flatMap(pathsOfOperand) : [];
}

function operandsOf(condition: Condition | null): Operand[] {
  if (condition === null) return [];
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.conditions.flatMap(operandsOf);
    case 'not':
      return operandsOf(condition.condition);
    case 'compare':
    case 'list':
    case 'semi-join':
      return [condition.left];
  }
}
