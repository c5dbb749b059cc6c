import { columnOf, soleKey, type Table } from '../config/table.ts';
import type { Database } from '../database/database.ts';
import { quoteTable, quoteText } from '../database/quote.ts';

const PREVIEW_KEYS = 'sluice_preview_keys';

/** For a plan: keys from a sequence of its own, so that it does not move the tables'. */
export const PREVIEW_SEQUENCE = `CREATE TEMPORARY SEQUENCE IF NOT EXISTS ${PREVIEW_KEYS} AS integer MINVALUE -2147483648 START -2147483648`;

/** SQL that draws a new row's primary key in a plan; null where the database draws none. */
export function previewKey(table: Table): string | null {
  const key = soleKey(table);
  const column = key === null ? null : columnOf(table, key);
  if (column === null || column.dbDefault !== undefined) return column?.dbDefault ?? null;
  if (!column.generated) return null;
  return column.type.kind === 'uuid' ? 'gen_random_uuid()' : `nextval('${PREVIEW_KEYS}')`;
}

/**
 * SQL that draws a new row's primary key as the table itself would: from the sequence behind it, or by the default that
 * an existing database has. Null where a record brings it.
 */
export async function tableKey(
  table: Table,
  schema: string,
  database: Pick<Database, 'query'>,
): Promise<string | null> {
  const key = soleKey(table);
  if (key === null) return null;
  const { rows } = await database.query<{ sequence: string | null; expression: string | null }>(
    `SELECT pg_get_serial_sequence($1, $2) AS sequence, (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d
       JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
       WHERE d.adrelid = $1::regclass AND a.attname = $2) AS expression`,
    [quoteTable(schema, table.name), key],
  );
  const { sequence = null, expression = null } = rows[0] ?? {};
  return sequence === null ? expression : `nextval(${quoteText(sequence)}::regclass)`;
}
