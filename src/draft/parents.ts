import { isUnique } from '../config/check-references.ts';
import { typeText } from '../config/column-type.ts';
import type { Mapping } from '../config/mapping.ts';
import type { Project } from '../config/project.ts';
import { columnOf, soleKey } from '../config/table.ts';

/** A table that a lookup can be linked to by naming it: its rows are found by the Salesforce id. */
export interface ParentTable {
  readonly table: string;
  /** Its primary key, and the type that a reference to it has. */
  readonly key: string;
  readonly type: string;
}

/** Tables that are filled from an object, each once. Not those whose import waits for `drafted`: that would be a circle. */
export function parentTables(object: string, project: Project, drafted: string): readonly ParentTable[] {
  const found = new Map<string, ParentTable>();
  for (const mapping of project.mappings) {
    if (mapping.source.file !== null || mapping.source.object.toLowerCase() !== object.toLowerCase()) continue;
    if ((mapping.group ?? mapping.name) === drafted || needs(mapping, drafted, project.mappings)) continue;
    const parent = parentIn(mapping);
    if (parent !== null) found.set(parent.table, parent);
  }
  return [...found.values()];
}

function parentIn({ tables: [root] }: Mapping): ParentTable | null {
  const [key, ...more] = root?.key ?? [];
  if (root === undefined || key === undefined || more.length > 0 || !isUnique(root.table, key)) return null;
  const input = root.columns.find(({ column }) => column.name === key)?.input;
  const isId = input?.kind === 'fields' && input.paths.length === 1 && input.paths[0]?.toLowerCase() === 'id';
  const primary = soleKey(root.table);
  if (!isId || primary === null) return null;
  return { table: root.table.name, key: primary, type: typeText(columnOf(root.table, primary).type) };
}

/** Whether a mapping waits for another one, be it through a third. */
function needs(mapping: Mapping, other: string, all: readonly Mapping[], seen = new Set<string>()): boolean {
  if (seen.has(mapping.name)) return false;
  seen.add(mapping.name);
  const parents = mapping.tables.flatMap(({ columns, each }) =>
    [...columns, ...each.flatMap((entry) => entry.columns)].flatMap(
      ({ link }) => link?.lookups.flatMap((lookup) => lookup.mappings) ?? [],
    ),
  );
  return parents.some(
    (name) => name === other || all.some((candidate) => candidate.name === name && needs(candidate, other, all, seen)),
  );
}
