import { rowKey, soleKey } from '../config/table.ts';
import { quoteName, quoteTable } from '../database/quote.ts';
import { holdsValue, literal } from './column-sql.ts';
import { cellValue, type ResolvedColumn, type StagedCell, type StagedList, type StageLayout } from './stage-layout.ts';

export function stageName({ name }: { readonly name: string }): string {
  return `pg_temp.${quoteName(name)}`;
}

/**
 * Creates the stage on this connection, once. A new row's primary key is drawn while COPY fills the stage, so that
 * child rows need no join to learn it.
 * @param idDefault  SQL that draws a key; null where the record brings its own
 */
export function createStage(layout: StageLayout, idDefault: string | null): string {
  const columns = [
    'source_id text COLLATE "C" NOT NULL',
    'hash uuid NOT NULL',
    'stamp timestamptz',
    `id ${layout.idType}${idDefault === null ? '' : ` DEFAULT ${idDefault}`}`,
    'fresh boolean NOT NULL DEFAULT true',
    'again boolean NOT NULL DEFAULT false',
    ...(layout.contested ? ['holder text COLLATE "C", lost boolean NOT NULL DEFAULT false'] : []),
    ...layout.cells.flatMap(({ stage, resolved }) =>
      [...stage, ...(resolved === null ? [] : [resolved])].map(columnSql),
    ),
    ...layout.children.flatMap(({ entries }) =>
      entries.flatMap(({ present, values }) => [
        `${quoteName(present)} boolean NOT NULL`,
        ...values.flatMap(({ stage }) => stage.map(columnSql)),
      ]),
    ),
  ];
  return `CREATE TEMPORARY TABLE IF NOT EXISTS ${quoteName(layout.name)} (${columns.join(', ')}) ON COMMIT DELETE ROWS`;
}

/** The stage of a list's rows; `place` is their order within the record. */
export function createListStage({ name, values }: StagedList): string {
  const columns = [
    'source_id text COLLATE "C" NOT NULL',
    'place integer NOT NULL',
    ...values.flatMap(({ stage, resolved }) => [...stage, ...(resolved === null ? [] : [resolved])].map(columnSql)),
  ];
  return `CREATE TEMPORARY TABLE IF NOT EXISTS ${quoteName(name)} (${columns.join(', ')}) ON COMMIT DELETE ROWS`;
}

function columnSql({ name, type }: { readonly name: string; readonly type: string }): string {
  return `${quoteName(name)} ${type}`;
}

/** Looks links up once for all statements that need their values; null when there are none. */
export function resolveLinks(stage: string, alias: string, columns: readonly ResolvedColumn[]): string | null {
  if (columns.length === 0) return null;
  const set = columns.map(({ name, reference, valueOf }) => `${quoteName(name)} = ${valueOf(reference)}`);
  const some = columns.map(({ reference }) => `${reference} IS NOT NULL`);
  return `UPDATE ${stage} ${alias} SET ${set.join(', ')} WHERE ${some.join(' OR ')}`;
}

/** Marks the staged records whose root row is there already, and gives them its primary key. */
export function resolveExisting(layout: StageLayout, schema: string, key: readonly string[]): string {
  const { root } = layout;
  const matches = key.map((name) => `t.${quoteName(name)} = ${keyValue(layout, name)}`).join(' AND ');
  const set = soleKey(root.table) === null ? 'fresh = false' : `id = t.${quoteName(rowKey(root.table))}, fresh = false`;
  return `UPDATE ${stageName(layout)} s SET ${set} FROM ${quoteTable(schema, root.table.name)} t WHERE s.fresh AND ${matches}`;
}

/** The text of a key of several columns stands for the row, where one column would. */
export function nameRows(layout: StageLayout): string | null {
  const { root } = layout;
  if (soleKey(root.table) !== null) return null;
  const parts = root.table.primaryKey.map((name) => `(${keyValue(layout, name)})::text`);
  return `UPDATE ${stageName(layout)} s SET id = ${textOf(parts)}`;
}

/** SQL of one text for several: no others have the same. */
export function textOf(parts: readonly string[]): string {
  return `ARRAY[${parts.join(', ')}]::text`;
}

/** SQL over the alias `s` of a key column's value. */
export function keyValue(layout: StageLayout, name: string): string {
  const cell = layout.cells.find(({ table, column }) => table.role === 'root' && column.column.name === name);
  if (cell === undefined) throw new RangeError(`key column ${name} is not mapped`);
  return cellValue(cell);
}

/** Which row of the root table or an extension, under the alias `t`, is the staged record's. */
export function isRowOf(layout: StageLayout, table: StagedCell['table']): string {
  const key = soleKey(table.table);
  if (key !== null) return `t.${quoteName(key)} = s.id`;
  return table.table.primaryKey.map((name) => `t.${quoteName(name)} = ${keyValue(layout, name)}`).join(' AND ');
}

/** Takes the records out of the stage that cannot be written without a parent that is not here. */
export function removeUnresolved(layout: StageLayout, cell: StagedCell): string {
  return `DELETE FROM ${stageName(layout)} s WHERE ${cell.value} IS NOT NULL AND ${cellValue(cell)} IS NULL
    RETURNING s.source_id, ${cell.value} AS reference`;
}

/** Takes the records out of the stage whose row is there and must not be touched; null when there is no such row. */
export function removeLeft({ root, ...layout }: StageLayout, schema: string): string | null {
  if (root.leave.length === 0) return null;
  const holds = root.leave.map((value) => holdsValue('t', value)).join(' AND ');
  const row = isRowOf({ root, ...layout }, root);
  return `DELETE FROM ${stageName(layout)} s USING ${quoteTable(schema, root.table.name)} t
    WHERE NOT s.fresh AND ${row} AND ${holds} RETURNING s.source_id`;
}

/** The same before rows are looked for by any key but the first: what is left alone makes no parents. */
export function removeLeftByKey(layout: StageLayout, schema: string): string {
  const { root } = layout;
  const holds = root.leave.map((value) => holdsValue('t', value));
  const matches = root.key.map((name) => `t.${quoteName(name)} = ${keyValue(layout, name)}`);
  return `DELETE FROM ${stageName(layout)} s USING ${quoteTable(schema, root.table.name)} t
    WHERE ${[...matches, ...holds].join(' AND ')} RETURNING s.source_id`;
}

/** Takes the records out of the stage that have no row, where the mapping makes none. */
export function removeUnmatched(layout: StageLayout): string | null {
  if (layout.root.unmatched === 'insert') return null;
  return `DELETE FROM ${stageName(layout)} s WHERE s.fresh RETURNING s.source_id`;
}

/**
 * Takes the records out of the stage whose row holds another value in a column that must not change. Null and the
 * column's default say nothing yet.
 */
export function removeConflicting(layout: StageLayout, cell: StagedCell, schema: string): string {
  const { column } = cell.column;
  const current = `t.${quoteName(column.name)}`;
  const unsaid = column.default === null ? '' : ` AND ${current} <> ${literal(String(column.default), column.type)}`;
  return `DELETE FROM ${stageName(layout)} s USING ${quoteTable(schema, cell.table.table.name)} t
    WHERE NOT s.fresh AND ${isRowOf(layout, cell.table)} AND ${current} <> ${cellValue(cell)}${unsaid} RETURNING s.source_id`;
}
