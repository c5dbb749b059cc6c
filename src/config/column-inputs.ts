import { expressionFields } from './expression-fields.ts';
import type { Alternative, ColumnMapping, Input, TableMapping, ValueMap } from './mapping.ts';

/** Every field of the source that an input takes or asks about; in file order, one that is named twice twice. */
export function inputFields(input: Input): readonly string[] {
  switch (input.kind) {
    case 'fields':
    case 'resolved':
      return input.paths;
    case 'constant':
      return [];
    case 'expression':
      return expressionFields(input.text).map(({ field }) => field);
    case 'first_of':
      return input.alternatives.flatMap((way) => inputFields(way.input));
  }
}

/** A column of a table in each form in which it is filled: once, but for a child once for each entry. */
export function fillings(table: TableMapping, column: ColumnMapping): readonly ColumnMapping[] {
  if (table.role !== 'child') return [column];
  const place = table.columns.findIndex((candidate) => candidate.column.name === column.column.name);
  return table.each.flatMap(({ columns }) => columns[place] ?? []);
}

export function alternatives({ input }: ColumnMapping): readonly Alternative[] {
  return input.kind === 'first_of' ? input.alternatives : [];
}

/** The maps that a column's values go through. */
export function mapsOf(column: ColumnMapping): readonly ValueMap[] {
  return [column.map, ...alternatives(column).map(({ map }) => map)].filter((map) => map !== null);
}

/** Those whose values the column takes as they are. */
export function lastMaps(column: ColumnMapping): readonly ValueMap[] {
  if (column.map !== null) return [column.map];
  return column.transforms.length > 0 ? [] : mapsOf(column);
}
