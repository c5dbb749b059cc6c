import { cellName } from '../config/cells.ts';
import type { Alternative, ColumnMapping, Input, Mapping, TransformCall, ValueMap } from '../config/mapping.ts';

/** A column that takes the value of a field as it comes, or by transforms and a map. */
export interface FedColumn {
  /** The field, as the mapping writes it. */
  readonly path: string;
  /** `table.column`. */
  readonly name: string;
  readonly column: ColumnMapping;
  readonly transforms: readonly TransformCall[];
  readonly map: ValueMap | null;
}

/** Which columns take which fields. What goes through an expression, a function or a lookup is not known, and left out. */
export function fedColumns({ tables }: Mapping): readonly FedColumn[] {
  return tables.flatMap((table) => {
    const columns = table.role === 'child' ? table.each.flatMap((entry) => entry.columns) : table.columns;
    return columns.flatMap((column) => {
      const name = cellName(table, column);
      return waysOf(column).flatMap(({ input, transforms, map }) =>
        pathsOf(input).map((path) => ({ path, name, column, transforms, map })),
      );
    });
  });
}

function waysOf(column: ColumnMapping): readonly Pick<Alternative, 'input' | 'transforms' | 'map'>[] {
  const { input, transforms, map } = column;
  return input.kind === 'first_of' ? input.alternatives : [{ input, transforms, map }];
}

function pathsOf(input: Input): readonly string[] {
  return input.kind === 'fields' && input.join === null ? input.paths : [];
}
