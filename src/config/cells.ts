import type { ExpressionKind } from '../expression/scope.ts';
import type { ColumnMapping, Mapping, TableMapping } from './mapping.ts';

/** A value of a record on its way to the root table or an extension: one place in `MappedRecord.cells`. */
export interface Cell {
  readonly table: TableMapping;
  readonly column: ColumnMapping;
}

/** The cells of a mapping's root and extensions, in the one order that transform, validate and load share. */
export function recordCells(mapping: Pick<Mapping, 'tables'>): readonly Cell[] {
  return mapping.tables
    .filter((table) => table.role !== 'child')
    .flatMap((table) => table.columns.map((column) => ({ table, column })));
}

/** The child tables of a mapping, in the one order that transform, validate and load share. */
export function childTables(mapping: Mapping): readonly TableMapping[] {
  return mapping.tables.filter((table) => table.role === 'child');
}

export function rootTable(mapping: Mapping): TableMapping {
  const root = mapping.tables[0];
  if (root?.role !== 'root') throw new RangeError(`mapping ${mapping.name} has no root table`);
  return root;
}

/** `table.column`, as messages, counts and state name a column. */
export function cellName(table: TableMapping, column: ColumnMapping): string {
  return `${table.table.name}.${column.column.name}`;
}

/** True when a value may be KEEP: some policy leaves what the row has, or a default that only the database knows. */
export function mayKeep({ column, onNull, onUnknown, onInvalid }: ColumnMapping): boolean {
  const policies = new Set<string>([onNull, onUnknown, onInvalid]);
  return policies.has('keep') || (column.default === 'now' && policies.has('default'));
}

/** Where the value of a name is: in the record's cells, or in the row of the child table at hand. */
export interface NamedCell {
  readonly in: 'record' | 'row';
  readonly place: number;
}

/** The names that an expression of a mapping may use, and where their values are. */
export interface ExpressionNames {
  /** `birthdate`, where no other table of the record has it; `contact.birthdate` always. */
  readonly columns: Readonly<Record<string, ExpressionKind>>;
  /** What may follow `source.`. */
  readonly fields: readonly string[];
  readonly cells: ReadonlyMap<string, NamedCell>;
}

/**
 * The names for an expression. A child's own columns hide those of the record; a link counts as text, its reference.
 * @param at  the table that it stands in, and the column that it fills: that one sees the columns before it. A column
 *   of the root or an extension sees those of the record; one of a child, and a child's `skip_when`, also the child's
 *   own. Null for `rules` and `skip_when` of the mapping
 */
export function expressionScope(
  mapping: Pick<Mapping, 'source' | 'tables'>,
  at: { readonly table: TableMapping; readonly column: string | null } | null = null,
): ExpressionNames {
  const columns: Record<string, ExpressionKind> = {};
  const cells = new Map<string, NamedCell>();
  const add = (name: string, column: ColumnMapping, cell: NamedCell): void => {
    columns[name] = kindOf(column);
    cells.set(name, cell);
  };
  const all = recordCells(mapping);
  const child = at?.table.role === 'child' ? at.table : null;
  const own = at === null || child !== null ? -1 : all.findIndex((cell) => isAt(cell, at));
  for (const [place, { table, column }] of (own === -1 ? all : all.slice(0, own)).entries()) {
    const { name } = column.column;
    const alone = all.filter((other) => other.column.column.name === name).length === 1;
    for (const said of [cellName(table, column), ...(alone ? [name] : [])]) add(said, column, { in: 'record', place });
  }
  for (const [place, column] of (child?.columns ?? []).entries()) {
    const { name } = column.column;
    if (name === at?.column) break;
    add(name, column, { in: 'row', place });
  }
  return { columns, fields: mapping.source.fields, cells };
}

function isAt({ table, column }: Cell, at: { readonly table: TableMapping; readonly column: string | null }): boolean {
  return table.table.name === at.table.table.name && column.column.name === at.column;
}

function kindOf({ column: { type }, link }: ColumnMapping): ExpressionKind {
  if (link !== null) return 'text';
  switch (type.kind) {
    case 'bigint':
      return 'integer';
    case 'numeric':
    case 'float':
      return 'number';
    case 'integer':
    case 'boolean':
    case 'date':
    case 'timestamp':
    case 'json':
      return type.kind;
    case 'string':
    case 'text':
    case 'enum':
    case 'uuid':
      return 'text';
  }
}
