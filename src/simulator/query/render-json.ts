import type { Path, SelectedChildren } from '../../soql/ast.ts';
import type { Column } from '../data/generated.ts';
import type { Table } from '../data/table.ts';
import { fieldOf, partsOf, type FieldSchema } from '../schema/object-schema.ts';
import { jsonPrinter } from './json-value.ts';
import { queryProblem } from './query-problem.ts';
import { resolvePath, type Scope, type Step } from './scope.ts';

/** Prints one row of a query as the JSON text of its record. */
export type RowPrinter = (index: number) => string;

interface Node {
  readonly table: Table;
  readonly entries: Map<string, { print: RowPrinter } | { step: Step; node: Node }>;
}

export interface JsonPlan {
  readonly scope: Scope;
  readonly apiPath: string;
  /** Prints the children of a row for a sub-select; given by the caller, because it needs a whole query. */
  readonly children: (item: SelectedChildren) => { name: string; print: RowPrinter };
}

/** Compiles the SELECT to a printer; fields come in its order, parents nested where first named. */
export function rowPrinter(plan: JsonPlan): RowPrinter {
  const root: Node = { table: plan.scope.table, entries: new Map() };
  for (const path of selectedOf(plan.scope)) addPath(root, plan.scope, path);
  for (const item of plan.scope.query.select) {
    if (item.kind !== 'children') continue;
    const { name, print } = plan.children(item);
    root.entries.set(name, { print });
  }
  return nodePrinter(root, plan.apiPath);
}

/** The selected paths, FIELDS() spelled out. */
export function selectedOf(scope: Scope): Path[] {
  const { query, table, soql } = scope;
  return query.select.flatMap((item): Path[] => {
    if (item.kind === 'children') return [];
    if (item.kind === 'expression') {
      if (item.expression.kind === 'path') return [item.expression];
      const [argument] = item.expression.args;
      const shows = ['TOLABEL', 'FORMAT'].includes(item.expression.name.toUpperCase());
      if (shows && argument?.kind === 'path') return [argument];
    }
    if (item.kind === 'fields') {
      if (item.which !== 'STANDARD' && (query.limit ?? Infinity) > 200) {
        throw queryProblem('MALFORMED_QUERY', `The SOQL FIELDS function must have a LIMIT of at most 200`, {
          soql,
          offset: item.offset,
        });
      }
      const { offset, end } = item;
      const wanted = table.schema.fields.filter((field) => isInGroup(field, item.which));
      return wanted.map((field) => ({ kind: 'path', path: field.name, offset, end }));
    }
    throw queryProblem('MALFORMED_QUERY', 'the simulated org does not select this', { soql, offset: item.offset });
  });
}

function isInGroup(field: FieldSchema, which: 'ALL' | 'STANDARD' | 'CUSTOM'): boolean {
  return which === 'ALL' || field.name.endsWith('__c') === (which === 'CUSTOM');
}

function addPath(root: Node, scope: Scope, path: Path): void {
  const { field, owner, steps } = resolvePath(scope, path);
  let node = root;
  for (const step of steps) {
    const known = node.entries.get(step.relationship);
    if (known !== undefined && 'node' in known) {
      node = known.node;
      continue;
    }
    const inner: Node = { table: step.target, entries: new Map() };
    node.entries.set(step.relationship, { step, node: inner });
    node = inner;
  }
  node.entries.set(field.name, { print: fieldPrinter(owner, field) });
}

function fieldPrinter(table: Table, field: FieldSchema): RowPrinter {
  if (field.type === 'address') return compoundPrinter(table, field);
  const column = table.column(field);
  const print = jsonPrinter(field.type);
  return (index) => print(column(index));
}

/** An address as an object, or null where all of it is blank. */
function compoundPrinter(table: Table, field: FieldSchema): RowPrinter {
  const prefix = field.name.replace(/Address$/, '');
  const parts = partsOf(table.schema, field.name).map((part) => ({
    key: part.name.slice(prefix.length, prefix.length + 1).toLowerCase() + part.name.slice(prefix.length + 1),
    column: table.column(part),
  }));
  return (index) => {
    const values = parts.map(({ key, column }) => [key, column(index) === '' ? null : column(index)] as const);
    return values.every(([, value]) => value === null) ? 'null' : JSON.stringify(Object.fromEntries(values));
  };
}

function nodePrinter(node: Node, apiPath: string): RowPrinter {
  const { name } = node.table.schema;
  const id = idColumn(node.table);
  const printers = [...node.entries].map(([key, entry]): { key: string; print: RowPrinter } => {
    return { key: `,${JSON.stringify(key)}:`, print: 'print' in entry ? entry.print : parentPrinter(entry, apiPath) };
  });
  const head = `{"attributes":{"type":"${name}","url":"${apiPath}/sobjects/${name}/`;
  return (index) => {
    let text = `${head}${String(id(index))}"}`;
    for (const { key, print } of printers) text += key + print(index);
    return `${text}}`;
  };
}

function parentPrinter(entry: { step: Step; node: Node }, apiPath: string): RowPrinter {
  const print = nodePrinter(entry.node, apiPath);
  return (index) => {
    const parent = entry.step.parent(index);
    return parent < 0 ? 'null' : print(parent);
  };
}

function idColumn(table: Table): Column {
  const field = fieldOf(table.whole, 'Id');
  return field === undefined ? () => null : table.column(field);
}
