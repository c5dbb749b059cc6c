import type { ColumnMapping, Mapping, TableMapping } from './mapping.ts';

/** A value of a record on its way to the root table or an extension: one place in `MappedRecord.cells`. */
export interface Cell {
  readonly table: TableMapping;
  readonly column: ColumnMapping;
}

/** The cells of a mapping's root and extensions, in the one order that transform, validate and load share. */
export function recordCells(mapping: Mapping): readonly Cell[] {
  return mapping.tables
    .filter((table) => table.role !== 'child')
    .flatMap((table) => table.columns.map((column) => ({ table, column })));
}

/** The child tables of a mapping, in the one order that transform, validate and load share. */
export function childTables(mapping: Mapping): readonly TableMapping[] {
  return mapping.tables.filter((table) => table.role === 'child');
}

export function rootTable(mapping: Mapping): TableMapping {
  const root = mapping.tables[0];
  if (root?.role !== 'root') throw new RangeError(`mapping ${mapping.name} has no root table`);
  return root;
}

/** `table.column`, as messages, counts and state name a column. */
export function cellName(table: TableMapping, column: ColumnMapping): string {
  return `${table.table.name}.${column.column.name}`;
}

/** True when a value may be KEEP: some policy leaves what the row has, or a default that only the database knows. */
export function mayKeep({ column, onNull, onUnknown, onInvalid }: ColumnMapping): boolean {
  const policies = new Set<string>([onNull, onUnknown, onInvalid]);
  return policies.has('keep') || (column.default === 'now' && policies.has('default'));
}
