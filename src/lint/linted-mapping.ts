import type { ColumnMapping, Mapping, TableMapping } from '../config/mapping.ts';
import type { MappingFileColumn } from '../config/schema/column-mapping.ts';
import type { WrittenFile } from '../config/written-mapping.ts';
import type { YamlPath } from '../config/yaml-file.ts';

/** A mapping beside the file, or the source of one, that it was resolved from. */
export interface LintedMapping {
  readonly mapping: Mapping;
  readonly file: WrittenFile;
}

/** What stands at a column in the file: its long form, or null for the short one and for columns only in `each`. */
export function writtenColumn(
  { file }: LintedMapping,
  { table }: TableMapping,
  { column }: ColumnMapping,
): MappingFileColumn | null {
  const columns = file.value.tables[table.name]?.columns ?? {};
  const written = Object.hasOwn(columns, column.name) ? columns[column.name] : undefined;
  return typeof written === 'object' ? written : null;
}

/** Where a column of a table stands in the mapping file. */
export function columnPath({ table }: TableMapping, { column }: ColumnMapping): YamlPath {
  return ['tables', table.name, 'columns', column.name];
}
