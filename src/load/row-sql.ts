import type { TableMapping } from '../config/mapping.ts';
import { rowKey } from '../config/table.ts';
import { quoteName, quoteTable } from '../database/quote.ts';
import { defaultSql } from './column-sql.ts';
import type { StagedCell, StagedValue, StageLayout } from './stage-layout.ts';
import { stageName, typed } from './stage-sql.ts';
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
  const cells = layout.cells.filter((cell) => cell.table === table && !isKey(cell) && cell.link?.later !== true);
  const target = quoteTable(schema, table.table.name);
  const key = quoteName(rowKey(table.table));
  const from = `${stageName(layout)} s${linkJoins(cells)}`;
  const columns = [key, ...cells.map((cell) => quoteName(cell.column.column.name)), ...touched(table, 'insert')];
  const values = ['s.id', ...cells.map((cell) => insertValue(cell)), ...touched(table, 'insert').map(() => 'now()')];
  // A sequence's key was drawn while the stage was filled; an identity column takes it only when told to.
  const insert = `INSERT INTO ${target} (${columns.join(', ')}) OVERRIDING SYSTEM VALUE SELECT ${values.join(', ')} FROM ${from}`;
  const missing = `NOT s.fresh AND NOT EXISTS (SELECT 1 FROM ${target} t WHERE t.${key} = s.id)`;
  const update: UpdateParts = {
    table,
    target,
    from,
    match: `t.${key} = s.id AND NOT s.fresh`,
    id: `t.${key}`,
    changes: changesOf(cells),
  };
  return {
    table,
    insertFresh: `${insert} WHERE s.fresh`,
    update: updateSql(update),
    changes: changesSql(update),
    changing: update.changes.map(({ column }) => column),
    insertMissing: table.role === 'extension' ? `${insert} WHERE ${missing} RETURNING ${key}::text AS id` : null,
  };
}

function isKey({ table, column }: StagedCell): boolean {
  return column.column.name === rowKey(table.table);
}

function changesOf(cells: readonly StagedCell[]): Change[] {
  return cells.flatMap((cell) => {
    const value = updateValue(cell, cellValue(cell));
    return value === null ? [] : [{ column: cell.column.column.name, value }];
  });
}

function linkJoins(cells: readonly StagedCell[]): string {
  return cells
    .map(({ link }) => {
      if (link === null) return '';
      const alias = linkAlias(link.column);
      return ` LEFT JOIN ${link.parent.table} ${alias} ON ${alias}.${link.parent.by} = ${typed(`s.${link.column}`, link.parent.byType)}`;
    })
    .join('');
}

function linkAlias(column: string): string {
  return quoteName(`link_${column.replaceAll('"', '')}`);
}

function cellValue({ link, value }: StagedCell): string {
  return link === null ? value : `${linkAlias(link.column)}.${link.parent.value}`;
}

function insertValue(cell: StagedCell): string {
  return keepOnInsert(cell, cellValue(cell));
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
  return column.type.kind === 'string' || column.type.kind === 'text' || column.type.kind === 'enum';
}
