import { rowKey, type Table } from '../config/table.ts';
import type { Tx } from '../database/database.ts';
import { quoteName, quoteTable } from '../database/quote.ts';
import type { LinkContext } from './link-sql.ts';
import type { StageLayout } from './stage-layout.ts';
import { keyValue, stageName } from './stage-sql.ts';

/** The statements by which a row that was made here becomes the record's. */
export interface AdoptStatements {
  /** Pairs of a staged record's id and the local row that it takes over. */
  readonly find: string;
  /** Gives the row `$2` the key `$1`, and points everything there that refers to it. */
  readonly move: string;
}

/**
 * A table whose primary key is the record's id may hold rows that were made here, under ids of their own. When the org
 * comes to have the same thing, the row takes the record's id and everything that refers to it is pointed there: the
 * record is then an older one that is updated.
 */
export function adoptStatements(layout: StageLayout, { tables, schema }: LinkContext): AdoptStatements | null {
  const { root } = layout;
  if (root.adopt === null) return null;
  const { by, ignoreCase, move } = root.adopt;
  const target = quoteTable(schema, root.table.name);
  const key = quoteName(rowKey(root.table));
  const compared = (value: string) => (ignoreCase ? `lower(${value})` : value);
  const references = [...new Set([...referencesTo(root.table, tables), ...move])];
  return {
    // Ids of the org have 15 or 18 characters and begin with their object's three. One record takes over one row.
    find: `SELECT DISTINCT ON (p.old) p.new, p.old FROM (
        SELECT DISTINCT ON (s.id) s.id AS new, t.${key} AS old FROM ${stageName(layout)} s
        JOIN ${target} t ON ${compared(`t.${quoteName(by)}`)} = ${compared(keyValue(layout, by))}
        WHERE s.fresh AND (length(t.${key}) NOT IN (15, 18) OR left(t.${key}, 3) <> left(s.id, 3))
        ORDER BY s.id, t.${key}
      ) p ORDER BY p.old, p.new`,
    move: moveSql(stageName(layout), [`${root.table.name}.${rowKey(root.table)}`, ...references], schema),
  };
}

/** `table.column` of every declared reference to the table's primary key. */
function referencesTo(table: Table, tables: ReadonlyMap<string, Table>): string[] {
  return [...tables.values()].flatMap(({ name, columns }) =>
    columns.flatMap((column) =>
      column.references?.table === table.name && column.references.column === rowKey(table)
        ? [`${name}.${column.name}`]
        : [],
    ),
  );
}

/** All in one statement: at its end, every reference must lead to a row again, and only then is that looked at. */
function moveSql(stage: string, columns: readonly string[], schema: string): string {
  const byTable = new Map<string, string[]>();
  for (const column of columns) {
    const dot = column.indexOf('.');
    const table = column.slice(0, dot);
    byTable.set(table, [...(byTable.get(table) ?? []), quoteName(column.slice(dot + 1))]);
  }
  const updates = [...byTable].map(([table, names], index) => {
    const set = names.map((name) => `${name} = CASE WHEN ${name} = $2::text THEN $1::text ELSE ${name} END`);
    const where = names.map((name) => `${name} = $2::text`);
    return `u${index} AS (UPDATE ${quoteTable(schema, table)} SET ${set.join(', ')} WHERE ${where.join(' OR ')})`;
  });
  return `WITH ${updates.join(', ')} UPDATE ${stage} SET fresh = false WHERE id = $1::text`;
}

/** @returns how many rows were taken over */
export async function adoptRows(tx: Tx, { find, move }: AdoptStatements): Promise<number> {
  const { rows } = await tx.query<{ new: string; old: string }>(find);
  for (const pair of rows) await tx.query(move, [pair.new, pair.old]);
  return rows.length;
}
