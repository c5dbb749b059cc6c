import type { Mapping, TableMapping } from '../config/mapping.ts';
import { namedEntries } from '../config/named-entries.ts';
import type { Problem } from '../config/problem.ts';
import type { ProjectSources } from '../config/read-project.ts';
import type { MappingFileTable } from '../config/schema/mapping-table.ts';
import type { Table } from '../config/table.ts';
import type { WrittenFile } from '../config/written-mapping.ts';
import type { LintedMapping } from './linted-mapping.ts';
import { finding } from './rules.ts';
import { type WrittenPart, writtenParts } from './written-parts.ts';

/** Root tables that two mappings write with nothing that tells their rows apart. */
export function sharedTableProblems(linted: readonly LintedMapping[]): readonly Problem[] {
  return linted.flatMap((one, index) => {
    const root = one.mapping.tables[0];
    const other = linted
      .slice(0, index)
      .find(({ mapping }) => mapping.tables[0]?.table.name === root?.table.name && !toldApart(one, mapping));
    if (root === undefined || other === undefined) return [];
    const said = `"${root.table.name}" is written by the mapping "${other.mapping.name}", too, and nothing tells the rows of the two apart.`;
    return [
      finding(
        'shared-table',
        one.file.yaml.keyAt(['tables', root.table.name]),
        said,
        'Give each mapping a constant of its own, like type: { value: student }.',
      ),
    ];
  });
}

/** By another key, by ids of another object, or by a column that each fills with its own constant. */
function toldApart({ mapping }: LintedMapping, other: Mapping): boolean {
  const [a, b] = [mapping.tables[0], other.tables[0]];
  if (a === undefined || b === undefined || a.key.join() !== b.key.join()) return true;
  // Who says which of the two comes first knows that they meet in one row.
  if (comesAfter(mapping, other) || comesAfter(other, mapping)) return true;
  // What only adds to rows that others make is meant to meet them.
  if (a.unmatched !== 'insert' || b.unmatched !== 'insert') return true;
  if (isId(a) && isId(b) && mapping.source.object.toLowerCase() !== other.source.object.toLowerCase()) return true;
  return a.columns.some(({ column, input }) => {
    const same = b.columns.find((candidate) => candidate.column.name === column.name)?.input;
    return input.kind === 'constant' && same?.kind === 'constant' && input.value !== same.value;
  });
}

function comesAfter({ phases }: Mapping, { name, group }: Mapping): boolean {
  return phases.some(({ after }) => after.some((wanted) => wanted === name || wanted === group));
}

/** True when the rows are found by the id of the record, which no record of another object has. */
function isId({ key, columns }: TableMapping): boolean {
  const input = columns.find(({ column }) => column.name === key[0])?.input;
  return key.length === 1 && input?.kind === 'fields' && input.paths.join().toLowerCase() === 'id';
}

/** Table and map files that nothing uses. Goes by what is written, so that an error elsewhere makes no false alarm. */
export function unusedProblems(
  { tables: tableFiles, maps }: ProjectSources,
  files: readonly WrittenFile[],
  tables: ReadonlyMap<string, Table>,
): readonly Problem[] {
  const parts = files.flatMap(({ value }) => writtenParts(value));
  const usedMaps = new Set(parts.map(({ map }) => map));
  const usedTables = new Set([
    ...files.flatMap(({ value }) => namedEntries(value.tables)).flatMap(([name, written]) => [name, ...moved(written)]),
    ...parts.flatMap(linkedTables),
  ]);
  // What a used table extends or refers to must be there.
  for (const name of usedTables) {
    const table = tables.get(name);
    if (table?.extends) usedTables.add(table.extends);
    for (const { references } of table?.columns ?? []) if (references !== null) usedTables.add(references.table);
  }
  return [
    ...tableFiles
      .filter(({ value: { table } }) => !usedTables.has(table) && !isLocal(tables.get(table)))
      .map(({ yaml, value }) =>
        finding('unused-table', yaml.at(['table']), `No mapping uses the table "${value.table}".`),
      ),
    ...maps
      .filter(({ value }) => !usedMaps.has(value.map))
      .map(({ yaml, value }) => finding('unused-map', yaml.at(['map']), `No column uses the map "${value.map}".`)),
  ];
}

/** A table that the app alone fills: no mapping could. */
function isLocal(table: Table | undefined): boolean {
  return table?.columns.every(({ owner, generated }) => owner === 'local' || generated) ?? false;
}

function moved({ adopt }: MappingFileTable): readonly string[] {
  return (adopt?.move ?? []).map((name) => name.split('.')[0] ?? '');
}

function linkedTables({ link, create }: WrittenPart): readonly string[] {
  const copied = (create?.copy ?? []).map(({ table }) => table);
  if (link === undefined) return copied;
  if (typeof link === 'string') return [link, ...copied];
  return [link.table, ...(link.aliases === undefined ? [] : [link.aliases.table]), ...copied];
}
