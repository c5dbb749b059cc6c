import type { Check, Column, ColumnType, Table } from '../../src/config/table.ts';

/** What a test says of a column; the rest is as a table file leaves it. */
export interface ColumnSketch extends Partial<Omit<Column, 'name' | 'type' | 'check'>> {
  readonly type: ColumnType['kind'];
  readonly length?: number;
  readonly values?: readonly string[];
  readonly check?: Partial<Check>;
}

/** A table without a YAML file. The first column is the primary key. */
export function tableOf(
  name: string,
  columns: Readonly<Record<string, ColumnSketch>>,
  more: Partial<Table> = {},
): Table {
  const built = Object.entries(columns).map(([column, sketch]) => columnOfSketch(column, sketch));
  const primaryKey = built[0]?.name ?? 'id';
  return {
    name,
    description: '',
    extends: null,
    primaryKey: [primaryKey],
    columns: built.map((column) => (column.name === primaryKey ? { ...column, required: true } : column)),
    unique: [],
    indexes: [],
    file: `mappings/tables/${name}.yaml`,
    ...more,
  };
}

function columnOfSketch(name: string, { type, length, values, check, ...rest }: ColumnSketch): Column {
  return {
    name,
    type: typeOf(type, length ?? 50, values ?? []),
    required: false,
    generated: false,
    default: null,
    references: null,
    unique: false,
    index: false,
    check: check === undefined ? null : { min: null, max: null, minExclusive: false, maxExclusive: false, ...check },
    owner: 'sync',
    touch: null,
    pii: false,
    description: '',
    ...rest,
  };
}

function typeOf(kind: ColumnType['kind'], length: number, values: readonly string[]): ColumnType {
  if (kind === 'string') return { kind, length };
  if (kind === 'enum') return { kind, values };
  if (kind === 'numeric') return { kind, precision: null, scale: null };
  return { kind };
}
