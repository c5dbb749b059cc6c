import type { ColumnMapping, Mapping, TableMapping } from '../config/mapping.ts';
import type { CheckedFile } from '../config/checked-file.ts';
import type { MappingFileColumn } from '../config/schema/column-mapping.ts';
import type { MappingFile } from '../config/schema/mapping.ts';
import type { YamlPath } from '../config/yaml-file.ts';

/** A mapping beside the file that it was resolved from. */
export interface LintedMapping {
  readonly mapping: Mapping;
  readonly file: CheckedFile<MappingFile>;
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
