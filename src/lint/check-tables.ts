import { namedEntries } from '../config/named-entries.ts';
import type { Problem } from '../config/problem.ts';
import type { ProjectSources } from '../config/read-project.ts';
import type { Table } from '../config/table.ts';
import type { LintedMapping } from './linted-mapping.ts';
import { finding } from './rules.ts';

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

/** By another key, or by a column that each fills with its own constant. */
function toldApart({ mapping }: LintedMapping, other: LintedMapping['mapping']): boolean {
  const [a, b] = [mapping.tables[0], other.tables[0]];
  if (a === undefined || b === undefined || a.key.join() !== b.key.join()) return true;
  return a.columns.some(({ column, input }) => {
    const same = b.columns.find((candidate) => candidate.column.name === column.name)?.input;
    return input.kind === 'constant' && same?.kind === 'constant' && input.value !== same.value;
  });
}

/** Table and map files that nothing uses. Goes by what is written, so that an error elsewhere makes no false alarm. */
export function unusedProblems(
  { mappings, tables: tableFiles, maps }: ProjectSources,
  tables: ReadonlyMap<string, Table>,
): readonly Problem[] {
  const written = mappings.flatMap(({ value }) => namedEntries(value.tables));
  const columns = written
    .flatMap(([, table]) => Object.values(table.columns))
    .filter((column) => typeof column === 'object');
  const usedMaps = new Set(columns.map(({ map }) => map));
  const usedTables = new Set(written.map(([name]) => name));
  for (const { link } of columns) if (link !== undefined) usedTables.add(typeof link === 'string' ? link : link.table);
  // What a used table extends or refers to must be there.
  for (const name of usedTables) {
    const table = tables.get(name);
    if (table?.extends) usedTables.add(table.extends);
    for (const { references } of table?.columns ?? []) if (references !== null) usedTables.add(references.table);
  }
  return [
    ...tableFiles
      .filter(({ value }) => !usedTables.has(value.table))
      .map(({ yaml, value }) =>
        finding('unused-table', yaml.at(['table']), `No mapping uses the table "${value.table}".`),
      ),
    ...maps
      .filter(({ value }) => !usedMaps.has(value.map))
      .map(({ yaml, value }) => finding('unused-map', yaml.at(['map']), `No column uses the map "${value.map}".`)),
  ];
}
