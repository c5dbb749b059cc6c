import type { Position } from './mapping.ts';
import { didYouMean } from './nearest.ts';
import type { MappingContext } from './resolve-context.ts';
import type { Column, Table } from './table.ts';

export function reportUnknownColumn(
  { name: table, columns }: Table,
  name: string,
  position: Position,
  { sink }: Pick<MappingContext, 'sink'>,
): void {
  const known = columns.map((other) => other.name);
  sink.report('unknown-column', position, `The table "${table}" has no column "${name}".`, didYouMean(name, known));
}

/** A table, then the tables that it extends, the nearest first. */
export function baseChain(table: Table, tables: ReadonlyMap<string, Table>): readonly Table[] {
  const base = table.extends === null ? undefined : tables.get(table.extends);
  return base === undefined ? [table] : [table, ...baseChain(base, tables)];
}

/** A column of a joined table may stand in a table that it extends. */
export function columnInChain(
  table: Table,
  name: string,
  tables: ReadonlyMap<string, Table>,
): { readonly table: Table; readonly column: Column } | null {
  for (const holder of baseChain(table, tables)) {
    const column = holder.columns.find((candidate) => candidate.name === name);
    if (column !== undefined) return { table: holder, column };
  }
  return null;
}
