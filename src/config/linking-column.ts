import type { MappingFileColumn } from './schema/column-mapping.ts';
import type { Column, Table } from './table.ts';
import type { YamlPath } from './yaml-file.ts';

/** A column that is a link, as it is written. */
export interface LinkingColumn {
  readonly column: Column;
  readonly table: Table;
  readonly written: MappingFileColumn;
  readonly role: 'record' | 'child';
  readonly path: YamlPath;
  readonly pathOf: (key: string) => YamlPath;
}
