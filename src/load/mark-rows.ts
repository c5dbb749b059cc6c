import type { Deletes } from '../config/mapping.ts';
import { columnOf, type Table } from '../config/table.ts';
import type { Tx } from '../database/database.ts';
import { quoteName, quoteTable } from '../database/quote.ts';
import { literal, stageType } from './column-sql.ts';
import type { LinkContext } from './link-sql.ts';
import { givenKeys, hasKey } from './row-key.ts';

/** A row that was marked, and what its column held; values in PostgreSQL's text form. */
export interface MarkedRow {
  readonly rowId: string;
  readonly table: string;
  readonly column: string;
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * Marks rows as those of records that are gone.
 * @returns every row that is there; one that held the mark's value before was not written
 */
export async function markRows(
  tx: Tx,
  { table: name, column, value }: NonNullable<Deletes['mark']>,
  rowIds: readonly string[],
  { tables, schema }: LinkContext,
): Promise<readonly (MarkedRow & { readonly written: boolean })[]> {
  const table = tableNamed(name, tables);
  const held = `t.${quoteName(column.name)}`;
  const mark = literal(value, column.type);
  const target = quoteTable(schema, name);
  const found = await tx.query<{ id: string; before: string | null; after: string | null; written: boolean }>(
    `SELECT r.id, ${held}::text AS before, (${mark})::text AS after, ${held} IS DISTINCT FROM ${mark} AS written
     FROM ${givenKeys('$1')} JOIN ${target} t ON ${hasKey(table, 't', 'r.id')} FOR UPDATE OF t`,
    [rowIds],
  );
  await tx.query(
    `UPDATE ${target} t SET ${[`${quoteName(column.name)} = ${mark}`, ...timesOf(table)].join(', ')}
     FROM ${givenKeys('$1')} WHERE ${hasKey(table, 't', 'r.id')} AND ${held} IS DISTINCT FROM ${mark}`,
    [rowIds],
  );
  return found.rows.map(({ id, before, after, written }) => ({
    rowId: id,
    table: name,
    column: column.name,
    before,
    after,
    written,
  }));
}

/**
 * Puts back what marked rows held, where they still hold the mark.
 * @returns rows written, by table
 */
export async function unmarkRows(
  tx: Tx,
  marked: readonly MarkedRow[],
  { tables, schema }: LinkContext,
): Promise<Readonly<Record<string, number>>> {
  const written: Record<string, number> = {};
  const places = Map.groupBy(marked, ({ table, column }) => JSON.stringify([table, column]));
  for (const rows of places.values()) {
    const [first] = rows;
    const table = first === undefined ? undefined : tables.get(first.table);
    // A table or a column that the project has no more: the row stays as it is.
    if (first === undefined || !table?.columns.some(({ name }) => name === first.column)) continue;
    const held = `t.${quoteName(first.column)}`;
    const type = stageType(columnOf(table, first.column).type);
    const { rowCount } = await tx.query(
      `UPDATE ${quoteTable(schema, table.name)} t
       SET ${[`${quoteName(first.column)} = r.before::${type}`, ...timesOf(table)].join(', ')}
       FROM unnest($1::text[], $2::text[], $3::text[]) AS r(id, before, after)
       WHERE ${hasKey(table, 't', 'r.id')} AND ${held}::text IS NOT DISTINCT FROM r.after
         AND r.before IS DISTINCT FROM r.after`,
      [rows.map(({ rowId }) => rowId), rows.map(({ before }) => before), rows.map(({ after }) => after)],
    );
    written[table.name] = (written[table.name] ?? 0) + rowCount;
  }
  return written;
}

function timesOf({ columns }: Table): string[] {
  return columns.filter(({ touch }) => touch === 'change').map(({ name }) => `${quoteName(name)} = now()`);
}

function tableNamed(name: string, tables: ReadonlyMap<string, Table>): Table {
  const table = tables.get(name);
  if (table === undefined) throw new RangeError(`there is no table ${name}`);
  return table;
}
