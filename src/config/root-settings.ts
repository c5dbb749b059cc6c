import { comparable } from './check-references.ts';
import { columnValues } from './column-values.ts';
import { reportUnknownColumn } from './find-column.ts';
import type { Adoption, ColumnMapping, Preference, TableMapping } from './mapping.ts';
import { didYouMean } from './nearest.ts';
import type { MappingContext } from './resolve-context.ts';
import type { MappingFilePreference, MappingFileTable } from './schema/mapping-table.ts';
import { soleKey, type Table } from './table.ts';
import { reportUnfilledKey } from './unfilled-key.ts';
import { misfit } from './value-fits.ts';
import type { YamlPath } from './yaml-file.ts';

/** A root table whose columns are known. */
export interface RootDraft {
  readonly table: Table;
  readonly written: MappingFileTable;
  readonly columns: readonly ColumnMapping[];
}

type RootSettings = Pick<TableMapping, 'match' | 'adopt' | 'unmatched' | 'leave' | 'prefer'>;

/** How the rows of a root table are found, taken over, left alone and shared. */
export function rootSettings(draft: RootDraft, context: MappingContext): RootSettings {
  const { table, written, columns } = draft;
  const path = ['tables', table.name];
  const filled = columns.map(({ column }) => column.name);
  for (const [index, key] of (written.match ?? []).entries()) {
    reportUnfilledKey({ path: [...path, 'match', index], key, filled }, context);
  }
  return {
    match: written.match ?? [],
    adopt: written.adopt === undefined ? null : adoption(written.adopt, draft, context),
    unmatched: written.unmatched ?? 'insert',
    leave: columnValues(written.leave, table, [...path, 'leave'], context),
    prefer: (written.prefer ?? []).flatMap(
      (one, index) => preference(one, [...path, 'prefer', index], draft, context) ?? [],
    ),
  };
}

/** Only where the record's id is the primary key can a row that has another be told for a local one. */
function adoption(
  { by, ignore_case, move }: NonNullable<MappingFileTable['adopt']>,
  { table, written, columns }: RootDraft,
  context: MappingContext,
): Adoption {
  const { file, sink, tables } = context;
  const path = ['tables', table.name, 'adopt'];
  const id = soleKey(table);
  if (id === null || [written.key].flat().join() !== id) {
    const said = `\`adopt\` needs the primary key of "${table.name}" as \`key\`: it holds the Salesforce id.`;
    sink.report('table-setting', file.yaml.keyAt(path), said, id === null ? null : `Write key: ${id}.`);
  }
  reportUnfilled(by, columns, [...path, 'by'], context);
  const keyColumn = table.columns.find(({ name }) => name === id);
  for (const [index, name] of (move ?? []).entries()) {
    const [tableName = '', columnName = ''] = name.split('.');
    const position = file.yaml.at([...path, 'move', index]);
    const other = tables.get(tableName);
    if (other === undefined) {
      const said = `There is no table "${tableName}".`;
      sink.report('unknown-table', position, said, didYouMean(tableName, tables.keys()));
      continue;
    }
    const column = other.columns.find((candidate) => candidate.name === columnName);
    if (column === undefined) reportUnknownColumn(other, columnName, position, context);
    else if (keyColumn !== undefined && !comparable(column.type.kind, keyColumn.type.kind)) {
      sink.report('table-setting', position, `"${name}" cannot hold what "${table.name}.${keyColumn.name}" holds.`);
    }
  }
  return { by, ignoreCase: ignore_case ?? false, move: move ?? [] };
}

function preference(
  written: MappingFilePreference,
  path: YamlPath,
  { columns }: RootDraft,
  context: MappingContext,
): Preference | null {
  const { file, sink } = context;
  const { values, highest, lowest } = written;
  if ([values, highest, lowest].filter((one) => one !== undefined).length !== 1) {
    const said = 'A preference goes by `values`, by `highest` or by `lowest`: one of them.';
    sink.report('table-setting', file.yaml.at(path), said);
  }
  const mapped = reportUnfilled(written.column, columns, [...path, 'column'], context);
  if (mapped === null) return null;
  const { column } = mapped;
  if (values === undefined) return { column, highest: highest ?? false };
  const texts = values.map(String);
  for (const [index, text] of texts.entries()) {
    const reason = misfit(text, column);
    if (reason === null) continue;
    sink.report('value-misfit', file.yaml.at([...path, 'values', index]), `The value of "${column.name}" ${reason}.`);
  }
  return { column, values: texts };
}

/** The column as this mapping fills it; null when it does not, which is told. */
function reportUnfilled(
  name: string,
  columns: readonly ColumnMapping[],
  path: YamlPath,
  { file, sink }: MappingContext,
): ColumnMapping | null {
  const mapped = columns.find(({ column }) => column.name === name);
  if (mapped !== undefined) return mapped;
  const known = columns.map(({ column }) => column.name);
  const said = `This mapping does not fill "${name}".`;
  sink.report('table-setting', file.yaml.at(path), said, didYouMean(name, known));
  return null;
}
