import { rootTable } from '../config/cells.ts';
import type { Mapping, TableMapping } from '../config/mapping.ts';
import { rowKey, soleKey } from '../config/table.ts';
import { quoteName, quoteTable } from '../database/quote.ts';
import { holdsValue } from './column-sql.ts';
import type { LinkContext } from './link-sql.ts';
import { isContested } from './stage-layout.ts';
import { textOf } from './stage-sql.ts';

/**
 * Whether the rows of records that count as loaded are still there, in SQL over the ledger's `source_id` and `row_id`
 * under the alias `r`.
 */
export interface RowPresence {
  /** The tables that hold a row for each record, quoted. */
  readonly tables: readonly string[];
  /** True where it can be told at all; null when it never can. */
  readonly known: string | null;
  readonly isThere: string;
  /** True when the row must not be touched; null where no row is. */
  readonly isLeft: string | null;
}

/** The transforms that leave an id of the org as it is. */
const LEAVES_IDS = new Set(['trim', 'salesforce_id']);

/** How the rows of a mapping's records are found again without the records. */
export function describePresence(mapping: Mapping, context: LinkContext): RowPresence {
  const root = rootTable(mapping);
  const extensions = mapping.tables.filter(({ role }) => role === 'extension').map(({ table }) => table);
  const tables = [root.table, ...extensions].map(({ name }) => quoteTable(context.schema, name));
  const column = idColumn(root);
  const contested = isContested(root);
  const match = contested ? `${rowText(root)} = r.row_id` : `t.${quoteName(column ?? '')} = ${SOURCE_ID}`;
  const joins = extensions.map((table, place) => {
    const alias = `e${String(place)}`;
    const own = `${alias}.${quoteName(rowKey(table))}`;
    return ` JOIN ${quoteTable(context.schema, table.name)} ${alias} ON ${own} = t.${quoteName(rowKey(root.table))}`;
  });
  const leave = root.leave.map((value) => ` AND ${holdsValue('t', value)}`).join('');
  const row = (more: string): string => `EXISTS (SELECT 1 FROM ${tables[0] ?? ''} t${more})`;
  return {
    tables,
    known: contested ? 'r.row_id IS NOT NULL' : column === null ? null : 'true',
    isThere: row(`${joins.join('')} WHERE ${match}`),
    isLeft: root.leave.length === 0 || (!contested && column === null) ? null : row(` WHERE ${match}${leave}`),
  };
}

/** Ids are compared byte by byte in the state; the target's column has a collation of its own. */
const SOURCE_ID = 'r.source_id COLLATE pg_catalog."default"';

function rowText({ table }: TableMapping): string {
  const key = soleKey(table);
  if (key !== null) return `t.${quoteName(key)}::text`;
  return textOf(table.primaryKey.map((name) => `t.${quoteName(name)}::text`));
}

/** The key column that holds the record's id as it is; null when there is none. */
export function idColumn({ key, columns }: TableMapping): string | null {
  const found = columns.find(({ column, input, transforms, map }) => {
    if (!key.includes(column.name) || map !== null || input.kind !== 'fields') return false;
    const isId = input.paths.length === 1 && input.paths[0]?.toLowerCase() === 'id';
    return isId && transforms.every(({ name }) => LEAVES_IDS.has(name));
  });
  return found?.column.name ?? null;
}
