import type { TableMapping } from '../config/mapping.ts';
import { type ColumnValue, soleKey } from '../config/table.ts';
import { quoteName, quoteTable } from '../database/quote.ts';
import { defaultSql, holdsValue, literal, stageType } from './column-sql.ts';
import { cellValue, type StagedCell, type StagedValue, type StageLayout } from './stage-layout.ts';
import { isRowOf, stageName } from './stage-sql.ts';
import { type Change, changesSql, touched, type UpdateParts, updateSql } from './update-sql.ts';

/** The statements that merge the stage into the root table or an extension. All of them give root primary keys. */
export interface RowStatements {
  readonly table: TableMapping;
  /** Rows of records whose root row is new. */
  readonly insertFresh: string;
  /** Rows that are there and differ; null when the mapping may not change any column. */
  readonly update: string | null;
  /** For a plan: what `update` would change, by column; see {@link changesSql}. */
  readonly changes: string | null;
  /** Columns that `update` may write. */
  readonly changing: readonly string[];
  /** For an extension: rows that a record with an older root row lacks. */
  readonly insertMissing: string | null;
}

export function rowStatements(table: TableMapping, layout: StageLayout, schema: string): RowStatements {
  const key = soleKey(table.table);
  const cells = layout.cells.filter(
    (cell) => cell.table === table && cell.column.column.name !== key && cell.link?.later !== true,
  );
  const target = quoteTable(schema, table.table.name);
  const from = `${stageName(layout)} s`;
  // A sequence's key was drawn while the stage was filled; an identity column takes it only when told to.
  const own = key === null ? [] : [{ name: quoteName(key), value: 's.id' }];
  const columns = [
    ...own,
    ...cells.map((cell) => ({ name: quoteName(cell.column.column.name), value: insertValue(cell, cells) })),
    ...touched(table, 'insert').map((name) => ({ name, value: 'now()' })),
  ];
  const insert = `INSERT INTO ${target} (${columns.map(({ name }) => name).join(', ')}) OVERRIDING SYSTEM VALUE SELECT ${columns.map(({ value }) => value).join(', ')} FROM ${from}`;
  const isRow = isRowOf(layout, table);
  const missing = `NOT s.fresh AND NOT EXISTS (SELECT 1 FROM ${target} t WHERE ${isRow})`;
  const update: UpdateParts = {
    table,
    target,
    from,
    match: `${isRow} AND NOT s.fresh`,
    id: 's.id',
    changes: changesOf(cells),
  };
  return {
    table,
    insertFresh: `${insert} WHERE s.fresh`,
    update: updateSql(update),
    changes: changesSql(update),
    changing: update.changes.map(({ column }) => column),
    insertMissing:
      table.role === 'extension' && key !== null
        ? `${insert} WHERE ${missing} RETURNING ${quoteName(key)}::text AS id`
        : null,
  };
}

/** Parts of a key of several columns are what the row was found by. */
function changesOf(cells: readonly StagedCell[]): Change[] {
  return cells.flatMap((cell) => {
    if (cell.table.table.primaryKey.includes(cell.column.column.name)) return [];
    const value = updatedValue(cell, cells);
    return value === null ? [] : [{ column: cell.column.column.name, value }];
  });
}

function insertValue(cell: StagedCell, cells: readonly StagedCell[]): string {
  const value = keepOnInsert(cell, cellValue(cell));
  const { nowWhen, column } = cell.column;
  if (nowWhen === null || nowWhen.from.length > 0) return value;
  const becomes = nowWhen.becomes.map((wanted) => comesToHold(wanted, cells, 'insert')).join(' AND ');
  return `COALESCE(${value}, CASE WHEN ${becomes} THEN ${nowOf(column)} END)`;
}

/** What an update writes to a column of the root or an extension, over the target alias `t`. */
function updatedValue(cell: StagedCell, cells: readonly StagedCell[]): string | null {
  const value = updateValue(cell, cellValue(cell));
  const { nowWhen, column } = cell.column;
  if (nowWhen === null || value === null) return value;
  const when = [
    ...nowWhen.becomes.map((wanted) => comesToHold(wanted, cells, 'update')),
    ...nowWhen.from.map((before) => holdsValue('t', before)),
    `(${nowWhen.becomes.map((wanted) => holdsValue('t', wanted)).join(' AND ')}) IS NOT TRUE`,
  ];
  return `COALESCE(${value}, CASE WHEN ${when.join(' AND ')} THEN ${nowOf(column)} END)`;
}

function comesToHold({ column, value }: ColumnValue, cells: readonly StagedCell[], when: 'insert' | 'update'): string {
  const cell = cells.find((other) => other.column.column.name === column.name);
  const old = `t.${quoteName(column.name)}`;
  const coming =
    cell === undefined
      ? when === 'update'
        ? old
        : defaultSql(column)
      : when === 'update'
        ? (updateValue(cell, cellValue(cell)) ?? old)
        : keepOnInsert(cell, cellValue(cell));
  return value === null ? `(${coming}) IS NULL` : `(${coming}) = ${literal(value, column.type)}`;
}

function nowOf({ type }: StagedCell['column']['column']): string {
  return `now()::${stageType(type)}`;
}

export function keepOnInsert({ keep, column }: StagedValue, value: string): string {
  return keep === null ? value : `CASE WHEN ${keep} THEN ${defaultSql(column.column)} ELSE ${value} END`;
}

/** What an update writes, over the target alias `t`; null when the policy says never. */
export function updateValue({ keep, column }: StagedValue, value: string): string | null {
  const current = `t.${quoteName(column.column.name)}`;
  switch (column.write) {
    case 'once':
      return null;
    case 'if_blank':
      return `COALESCE(${isText(column) ? `NULLIF(${current}, '')` : current}, ${value})`;
    case 'always':
      return keep === null ? value : `CASE WHEN ${keep} THEN ${current} ELSE ${value} END`;
  }
}

function isText({ column }: StagedValue['column']): boolean {
  const { kind, dbType } = column.type;
  // An enum of the database's own, an inet: '' is none of their values, and could not even be asked for.
  return dbType === undefined && (kind === 'string' || kind === 'text' || kind === 'enum');
}
