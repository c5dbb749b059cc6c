import { rowKey } from '../config/table.ts';
import { quoteName, quoteTable } from '../database/quote.ts';
import type { StagedCell, StageLayout } from './stage-layout.ts';

export function stageName(layout: StageLayout): string {
  return `pg_temp.${quoteName(layout.name)}`;
}

/**
 * Creates the stage on this connection, once. A new row's primary key is drawn while COPY fills the stage, so that
 * child rows need no join to learn it.
 * @param idDefault  SQL that draws a key; null where the record brings its own
 */
export function createStage(layout: StageLayout, idDefault: string | null): string {
  const columns = [
    'source_id varchar(18) COLLATE "C" NOT NULL',
    'hash uuid NOT NULL',
    'stamp timestamptz',
    `id ${layout.idType}${idDefault === null ? '' : ` DEFAULT ${idDefault}`}`,
    'fresh boolean NOT NULL DEFAULT true',
    ...layout.cells.flatMap(({ stage }) => stage.map(({ name, type }) => `${quoteName(name)} ${type}`)),
    ...layout.children.flatMap(({ entries }) =>
      entries.flatMap(({ present, values }) => [
        `${quoteName(present)} boolean NOT NULL`,
        ...values.flatMap(({ stage }) => stage.map(({ name, type }) => `${quoteName(name)} ${type}`)),
      ]),
    ),
  ];
  return `CREATE TEMPORARY TABLE IF NOT EXISTS ${quoteName(layout.name)} (${columns.join(', ')}) ON COMMIT DELETE ROWS`;
}

/** Marks the staged records whose root row is there already, and gives them its primary key. */
export function resolveExisting(layout: StageLayout, schema: string): string {
  const { root } = layout;
  const table = quoteTable(schema, root.table.name);
  const primaryKey = quoteName(rowKey(root.table));
  const matches = root.key.map((name) => `t.${quoteName(name)} = ${keyValue(layout, name)}`).join(' AND ');
  return `UPDATE ${stageName(layout)} s SET id = t.${primaryKey}, fresh = false FROM ${table} t WHERE ${matches}`;
}

function keyValue(layout: StageLayout, name: string): string {
  const cell = layout.cells.find(({ table, column }) => table.role === 'root' && column.column.name === name);
  if (cell === undefined) throw new RangeError(`key column ${name} is not mapped`);
  return cell.value;
}

/** Takes the records out of the stage that cannot be written without a parent that is not here. */
export function removeUnresolved(layout: StageLayout, cell: StagedCell): string {
  const { link } = cell;
  if (link === null) throw new RangeError('not a link');
  return `DELETE FROM ${stageName(layout)} s WHERE s.${link.column} IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM ${link.parent.table} p WHERE p.${link.parent.by} = ${typed(`s.${link.column}`, link.parent.byType)}
  ) RETURNING s.source_id, s.${link.column} AS reference`;
}

/** A raw reference travels as text; a parent's key may be a number. */
export function typed(value: string, type: string): string {
  return type === 'text' ? value : `${value}::${type}`;
}
