import type { Mapping, TableMapping } from '../config/mapping.ts';
import type { Table } from '../config/table.ts';

/** What all mappings together do to one table. */
export interface TableUse {
  readonly table: Table;
  readonly mappings: readonly string[];
  /** Columns that get a value in every new row. */
  readonly filled: ReadonlySet<string>;
  /** Columns that a load reads or writes. */
  readonly touched: ReadonlySet<string>;
  /** Column sets by which rows are found. */
  readonly keys: readonly (readonly string[])[];
}

/** Tables that mappings write or look parents up in, in the order of first use. */
export function tableUses(mappings: readonly Mapping[]): TableUse[] {
  const uses = new Map<string, OpenUse>();
  const tables = new Map(mappings.flatMap(({ tables: own }) => own.map(({ table }) => [table.name, table] as const)));
  for (const mapping of mappings) {
    for (const target of mapping.tables) {
      addTarget(useOf(uses, target.table), mapping.name, target);
      for (const { link } of target.columns) {
        const parent = link === null ? undefined : tables.get(link.table);
        if (link !== null && parent !== undefined) addParent(useOf(uses, parent), mapping.name, link);
      }
    }
  }
  return [...uses.values()].map((use) => ({ ...use, mappings: [...use.mappings], keys: [...use.keys.values()] }));
}

interface OpenUse {
  readonly table: Table;
  readonly mappings: Set<string>;
  readonly filled: Set<string>;
  readonly touched: Set<string>;
  readonly keys: Map<string, readonly string[]>;
}

function useOf(uses: Map<string, OpenUse>, table: Table): OpenUse {
  const known = uses.get(table.name);
  if (known !== undefined) return known;
  const use = {
    table,
    mappings: new Set<string>(),
    filled: new Set<string>(),
    touched: new Set<string>(),
    keys: new Map(),
  };
  uses.set(table.name, use);
  return use;
}

function addTarget(use: OpenUse, mapping: string, target: TableMapping): void {
  use.mappings.add(mapping);
  const { table, role, parent, key } = target;
  const written = [
    ...target.columns.map(({ column }) => column.name),
    ...(parent === null ? [] : [parent.column]),
    ...(role === 'extension' ? table.primaryKey : []),
    ...table.columns.filter(({ touch }) => touch !== null).map(({ name }) => name),
  ];
  for (const name of written) use.filled.add(name);
  for (const name of [...table.primaryKey, ...key, ...written]) use.touched.add(name);
  // A child's rows are matched within their parent's row, where others may stand beside them.
  if (role !== 'child') addKey(use, key);
}

function addParent(use: OpenUse, mapping: string, link: { readonly by: string; readonly value: string }): void {
  use.mappings.add(mapping);
  use.touched.add(link.by).add(link.value);
  addKey(use, [link.by]);
}

function addKey(use: OpenUse, key: readonly string[]): void {
  use.keys.set(key.toSorted().join('\0'), key);
}
