import type { Mapping, TableMapping } from '../config/mapping.ts';
import type { Link, LinkLookup, StubParent } from '../config/link.ts';
import type { Table } from '../config/table.ts';

export type Right = 'select' | 'insert' | 'update' | 'delete';

/** What all mappings together do to one table. */
export interface TableUse {
  readonly table: Table;
  readonly mappings: readonly string[];
  readonly rights: ReadonlySet<Right>;
  /** Columns that get a value in every new row. */
  readonly filled: ReadonlySet<string>;
  /** Columns that a load reads or writes. */
  readonly touched: ReadonlySet<string>;
  /** Column sets by which rows are found. */
  readonly keys: readonly (readonly string[])[];
}

/**
 * Tables that mappings write or look parents up in, in the order of first use.
 * @param tables  every table of the project: a link may lead to one that no mapping fills
 */
export function tableUses(mappings: readonly Mapping[], tables: ReadonlyMap<string, Table>): TableUse[] {
  const uses: OpenUses = { open: new Map(), tables };
  for (const { name: mapping, tables: targets } of mappings) {
    for (const target of targets) {
      const columns = [...target.columns, ...target.each.flatMap((entry) => entry.columns)];
      addTarget(useOf(uses, target.table, mapping), target);
      for (const { link } of columns) if (link !== null) addLink(uses, link, mapping);
    }
  }
  return [...uses.open.values()].map((use) => ({ ...use, mappings: [...use.mappings], keys: [...use.keys.values()] }));
}

interface OpenUse {
  readonly table: Table;
  readonly mappings: Set<string>;
  readonly rights: Set<Right>;
  readonly filled: Set<string>;
  readonly touched: Set<string>;
  readonly keys: Map<string, readonly string[]>;
}

interface OpenUses {
  readonly open: Map<string, OpenUse>;
  readonly tables: ReadonlyMap<string, Table>;
}

function useOf({ open }: OpenUses, table: Table, mapping: string): OpenUse {
  const use = open.get(table.name) ?? {
    table,
    mappings: new Set(),
    rights: new Set<Right>(['select']),
    filled: new Set(),
    touched: new Set(),
    keys: new Map(),
  };
  use.mappings.add(mapping);
  open.set(table.name, use);
  return use;
}

function addTarget(use: OpenUse, target: TableMapping): void {
  const { table, role, parent, key } = target;
  const written = [
    ...target.columns.map(({ column }) => column.name),
    ...(parent === null ? [] : [parent.column]),
    ...(role === 'extension' ? table.primaryKey : []),
    ...table.columns.filter(({ touch }) => touch !== null).map(({ name }) => name),
  ];
  const read = [
    ...table.primaryKey,
    ...key,
    ...target.match.flat(),
    ...[...target.leave, ...target.prefer].map(({ column }) => column.name),
    ...(target.adopt === null ? [] : [target.adopt.by]),
  ];
  for (const name of written) use.filled.add(name);
  for (const name of [...written, ...read]) use.touched.add(name);
  use.rights.add('update');
  if (target.unmatched === 'insert') use.rights.add('insert');
  if (target.set === 'replace') use.rights.add('delete');
  // A child's rows are matched within their parent's row, where others may stand beside them.
  if (role !== 'child') addKey(use, key);
}

function addLink(uses: OpenUses, link: Link, mapping: string): void {
  for (const lookup of link.lookups) addLookup(uses, lookup, mapping);
  const [first] = link.lookups;
  if (link.create !== null && first !== undefined) addStub(uses, link.create, first, mapping);
}

function addLookup(uses: OpenUses, lookup: LinkLookup, mapping: string): void {
  const { by, byTable, value, valueTable, unique, aliases } = lookup;
  touchColumns(uses, valueTable, [value], mapping);
  const use = touchColumns(uses, byTable, [by], mapping);
  if (unique && use !== null) addKey(use, [by]);
  if (aliases !== null) touchColumns(uses, aliases.table, [aliases.by, aliases.value], mapping);
}

function addStub(uses: OpenUses, stub: StubParent, { table, by }: LinkLookup, mapping: string): void {
  const written = [
    by,
    ...stub.values.map(({ column }) => column.name),
    ...stub.copy.flatMap(({ columns, values }) => [
      ...columns.map(({ to }) => to.name),
      ...values.map(({ column }) => column.name),
    ]),
  ];
  const use = touchColumns(uses, table, written, mapping);
  use?.rights.add('insert');
  for (const column of written) use?.filled.add(column);
  for (const { table: from, by: found, columns } of stub.copy) {
    touchColumns(uses, from, [found, ...columns.map((column) => column.from)], mapping);
  }
}

/** @returns null for a table without a file, which lint tells */
function touchColumns(uses: OpenUses, name: string, columns: readonly string[], mapping: string): OpenUse | null {
  const table = uses.tables.get(name);
  if (table === undefined) return null;
  const use = useOf(uses, table, mapping);
  for (const column of columns) use.touched.add(column);
  return use;
}

function addKey(use: OpenUse, key: readonly string[]): void {
  use.keys.set(key.toSorted().join('\0'), key);
}
