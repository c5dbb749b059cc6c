import type { Table } from '../config/table.ts';

/** Parents before children where that is possible; tables that refer to each other in a circle keep their order. */
export function inReferenceOrder(tables: readonly Table[]): Table[] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const ordered = new Set<Table>();
  const open = new Set<Table>();
  const visit = (table: Table): void => {
    if (ordered.has(table) || open.has(table)) return;
    open.add(table);
    for (const name of parentsOf(table)) {
      const parent = byName.get(name);
      if (parent !== undefined) visit(parent);
    }
    ordered.add(table);
  };
  for (const table of tables) visit(table);
  return [...ordered];
}

function parentsOf(table: Table): string[] {
  const referenced = table.columns.flatMap(({ references }) => (references === null ? [] : [references.table]));
  return table.extends === null ? referenced : [table.extends, ...referenced];
}
