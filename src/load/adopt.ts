import { rowKey, type Table } from '../config/table.ts';
import type { Tx } from '../database/database.ts';
import { quoteName, quoteNames, quoteTable } from '../database/quote.ts';
import type { LinkContext } from './link-sql.ts';
import type { StageLayout } from './stage-layout.ts';
import { keyValue, stageName } from './stage-sql.ts';

/** The statements by which a row that was made here becomes the record's. */
export interface AdoptStatements {
  /** Pairs of a staged record's id and the local row that it takes over. */
  readonly find: string;
  /** In order; each takes the keys that it names, from `$1` on. */
  readonly move: readonly { readonly sql: string; readonly takes: readonly ('new' | 'old')[] }[];
}

/**
 * A table whose primary key is the record's id may hold rows that were made here, under ids of their own. When the org
 * comes to have the same thing, the row is copied to the record's id, everything that referred to it is pointed there,
 * and the old row goes: the record is then an older one that is updated.
 */
export function adoptStatements(layout: StageLayout, { tables, schema }: LinkContext): AdoptStatements | null {
  const { root } = layout;
  if (root.adopt === null) return null;
  const { by, ignoreCase, move } = root.adopt;
  const target = quoteTable(schema, root.table.name);
  const key = quoteName(rowKey(root.table));
  const compared = (value: string) => (ignoreCase ? `lower(${value})` : value);
  const others = root.table.columns.filter(({ name }) => name !== rowKey(root.table)).map(({ name }) => name);
  const references = [...new Set([...referencesTo(root.table, tables), ...move])];
  return {
    // Ids of the org have 15 or 18 characters and begin with their object's three. One record takes over one row.
    find: `SELECT DISTINCT ON (p.old) p.new, p.old FROM (
        SELECT DISTINCT ON (s.id) s.id AS new, t.${key} AS old FROM ${stageName(layout)} s
        JOIN ${target} t ON ${compared(`t.${quoteName(by)}`)} = ${compared(keyValue(layout, by))}
        WHERE s.fresh AND (length(t.${key}) NOT IN (15, 18) OR left(t.${key}, 3) <> left(s.id, 3))
        ORDER BY s.id, t.${key}
      ) p ORDER BY p.old, p.new`,
    move: [
      {
        sql: `INSERT INTO ${target} (${quoteNames([rowKey(root.table), ...others])}) SELECT ${['$1', ...others.map((name) => quoteName(name))].join(', ')} FROM ${target} WHERE ${key} = $2`,
        takes: ['new', 'old'],
      },
      ...references.map((reference) => ({
        sql: moveReference(reference, schema),
        takes: ['new', 'old'] as const,
      })),
      { sql: `DELETE FROM ${target} WHERE ${key} = $1`, takes: ['old'] },
      { sql: `UPDATE ${stageName(layout)} SET fresh = false WHERE id = $1`, takes: ['new'] },
    ],
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

function moveReference(reference: string, schema: string): string {
  const dot = reference.indexOf('.');
  const column = quoteName(reference.slice(dot + 1));
  return `UPDATE ${quoteTable(schema, reference.slice(0, dot))} SET ${column} = $1 WHERE ${column} = $2`;
}

/** @returns how many rows were taken over */
export async function adoptRows(tx: Tx, { find, move }: AdoptStatements): Promise<number> {
  const { rows } = await tx.query<{ new: string; old: string }>(find);
  for (const pair of rows) {
    for (const { sql, takes } of move)
      await tx.query(
        sql,
        takes.map((which) => pair[which]),
      );
  }
  return rows.length;
}
