import type { SelectedChildren } from '../../soql/ast.ts';
import type { Column } from '../data/generated.ts';
import type { OrgData } from '../data/org-data.ts';
import type { FieldSchema } from '../schema/object-schema.ts';
import type { Table } from '../data/table.ts';
import { aggregateRecords, isAggregateQuery, isPlainCount } from './aggregate.ts';
import { findRows } from './find-rows.ts';
import { queryProblem } from './query-problem.ts';
import { rowPrinter, type RowPrinter } from './render-json.ts';
import { resolvePath, type Scope } from './scope.ts';

/** The answer to a query before it is cut into pages. */
export interface RestResult {
  readonly totalSize: number;
  /** Records that can be printed, which COUNT() has none of. */
  readonly records: number;
  readonly print: RowPrinter;
}

/** Runs a query; each record is printed when its page is asked for. */
export function restQuery(scope: Scope, apiPath: string): RestResult {
  if (isPlainCount(scope)) {
    return {
      totalSize: findRows({ ...scope, query: { ...scope.query, orderBy: [] } }).length,
      records: 0,
      print: () => '',
    };
  }
  if (isAggregateQuery(scope)) {
    const rows = findRows({ ...scope, query: { ...scope.query, orderBy: [], limit: null, offsetRows: null } });
    const records = aggregateRecords(scope, rows);
    return { totalSize: records.length, records: records.length, print: (at) => records[at] ?? 'null' };
  }
  const print = rowPrinter({ scope, apiPath, children: (item) => childrenOf(scope, item, apiPath) });
  const rows = findRows(scope);
  return { totalSize: rows.length, records: rows.length, print: (at) => print(rows[at] ?? -1) };
}

/** `(SELECT ... FROM Contacts)`: null, or a result of its own. */
function childrenOf(scope: Scope, item: SelectedChildren, apiPath: string): { name: string; print: RowPrinter } {
  const child = childRelation(scope, item);
  const query = { ...item.query, from: { ...item.query.from, object: child.table.schema.name }, limit: null };
  const inner: Scope = { ...scope, table: child.table, query };
  const print = rowPrinter({ scope: inner, apiPath, children: (deeper) => childrenOf(inner, deeper, apiPath) });
  const ids = resolvePath(scope, { kind: 'path', path: 'Id', offset: item.offset, end: item.end }).column;
  let byParent: Map<string, number[]> | null = null;
  return {
    name: item.query.from.object,
    print: (index) => {
      byParent ??= groupByParent(findRows(inner), child.table.column(child.lookup));
      const rows = byParent.get(String(ids(index)).slice(0, 15))?.slice(0, item.query.limit ?? Infinity);
      if (rows === undefined || rows.length === 0) return 'null';
      return `{"totalSize":${String(rows.length)},"done":true,"records":[${rows.map(print).join(',')}]}`;
    },
  };
}

function groupByParent(rows: Int32Array, parent: Column): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const row of rows) {
    const key = String(parent(row)).slice(0, 15);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

function childRelation(scope: Scope, item: SelectedChildren): { table: Table; lookup: FieldSchema } {
  const wanted = item.query.from.object.toLowerCase();
  const found = childRelationsOf(scope.data, scope.table).find((relation) => relation.name.toLowerCase() === wanted);
  if (found !== undefined) return found;
  throw queryProblem(
    'INVALID_TYPE',
    `Didn't understand relationship '${item.query.from.object}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`,
    { soql: scope.soql, offset: item.query.from.offset },
  );
}

/** Lookups that point at an object: `Contacts` for Contact.AccountId, `Classes__r` in our own naming for the rest. */
export function childRelationsOf(data: OrgData, table: Table): { name: string; table: Table; lookup: FieldSchema }[] {
  return data.tables.flatMap((child) =>
    child.schema.fields
      .filter((field) => field.referenceTo?.includes(table.schema.name) === true && field.name !== 'MasterRecordId')
      .map((lookup) => ({ name: childName(child, lookup), table: child, lookup })),
  );
}

function childName(child: Table, lookup: FieldSchema): string {
  if (lookup.childrenName !== undefined) return lookup.childrenName;
  const stem = child.schema.name.replace(/__c$/, '');
  if (lookup.referenceTo?.some((parent) => lookup.name === `${parent}Id`) === true) return `${stem}s`;
  return `${stem}s_${lookup.name.replace(/__c$/, '')}__r`;
}
