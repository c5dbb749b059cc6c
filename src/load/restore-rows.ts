import type { Table } from '../config/table.ts';
import type { Queryable } from '../database/database.ts';
import { SyncError } from '../errors/sync-error.ts';
import { quoteName, quoteText } from '../database/quote.ts';
import { NO_TABLE_COUNTS, type TableCounts } from '../flow/counts.ts';
import type { RefusedRow } from '../flow/refused-row.ts';
import {
  againstOrder,
  type ForeignKey,
  liveNames,
  parentsFirst,
  readForeignKeys,
  readRestored,
  type RestoredColumn,
  type RestoredTable,
  sameKey,
} from './restore-catalogue.ts';
import { changedSince, referredToSince } from './restore-refusals.ts';

export interface Restored {
  /** By table: rows inserted again, put back, deleted again. All zero when rows were refused. */
  readonly tables: Readonly<Record<string, TableCounts>>;
  /** How many rows stand against it; then nothing was written. */
  readonly refused: number;
  /** The first of them. */
  readonly refusedRows: readonly RefusedRow[];
}

interface Restore {
  readonly tx: Queryable;
  readonly changes: string;
  /** By name; parents before their children. */
  readonly tables: ReadonlyMap<string, RestoredTable>;
  readonly keys: readonly ForeignKey[];
}

/**
 * Puts rows back as they were before the changes, or writes nothing when some row was changed since. Only the columns
 * that differ are written: what somebody has entered in the others since stays.
 * @param changes  a table with `table_name`, `row_key`, `before` and `after`: one row a changed row
 * @param names  the tables in it, with their schemas, quoted
 * @throws SyncError REVERT_REFUSED when a table is no longer there
 */
export async function restoreRows(
  tx: Queryable,
  changes: string,
  names: readonly string[],
  project: { readonly schema: string; readonly tables: ReadonlyMap<string, Table> },
): Promise<Restored> {
  const keys = await readForeignKeys(tx, names);
  const targets = await liveNames(tx, project.schema, project.tables.values());
  const tables = new Map<string, RestoredTable>();
  for (const name of parentsFirst(names, keys)) {
    const table = await readRestored(tx, changes, name, targets.get(name));
    if (table === null) throw new SyncError('REVERT_REFUSED', `Table ${name} is no longer there.`);
    tables.set(name, table);
  }
  // Nobody changes a row, nor refers to one, between the look at it and its return.
  if (names.length > 0) await tx.query(`LOCK TABLE ${names.join(', ')} IN EXCLUSIVE MODE`);
  const restore: Restore = { tx, changes, tables, keys };
  const refusals = await refusalsOf(restore, targets);
  const refused = refusals.reduce((sum, { rows }) => sum + rows, 0);
  if (refused > 0) return { tables: {}, refused, refusedRows: refusals.flatMap(({ listed }) => listed) };
  return { tables: await write(restore), refused: 0, refusedRows: [] };
}

async function refusalsOf(
  { tx, changes, tables, keys }: Restore,
  targets: ReadonlyMap<string, Table>,
): Promise<Awaited<ReturnType<typeof changedSince>>[]> {
  const refusals = [];
  for (const table of tables.values()) {
    refusals.push(await changedSince(tx, changes, table));
    for (const key of keys.filter(({ parent }) => parent === table.name)) {
      refusals.push(
        await referredToSince(tx, changes, {
          table,
          key,
          child: tables.get(key.child) ?? null,
          by: targets.get(key.child)?.name ?? key.child,
        }),
      );
    }
  }
  return refusals;
}

/**
 * References to rows that go are cut first, so that these can go; they go before others come back, which may have the
 * same unique values; what is left is put back last, when every row that it can refer to is there.
 */
async function write(restore: Restore): Promise<Record<string, TableCounts>> {
  const { tables, keys } = restore;
  const order = [...tables.values()];
  const circles = againstOrder([...tables.keys()], keys);
  for (const key of keys) await cutReferences(restore, key, circles.includes(key));
  const deleted = new Map<string, number>();
  for (const table of order.toReversed()) deleted.set(table.name, await deleteAgain(restore, table));
  const counts: Record<string, TableCounts> = {};
  for (const table of order) {
    const inserted = await insertAgain(restore, table, waitingColumns(table, circles));
    counts[table.label] = { ...NO_TABLE_COUNTS, inserted, deleted: deleted.get(table.name) ?? 0 };
  }
  for (const table of order) {
    await fillAgain(restore, table, waitingColumns(table, circles));
    const updated = await putBack(restore, table);
    counts[table.label] = { ...NO_TABLE_COUNTS, ...counts[table.label], updated };
  }
  return counts;
}

function waitingColumns({ name }: RestoredTable, circles: readonly ForeignKey[]): readonly string[] {
  return circles.filter(({ child }) => child === name).flatMap(({ nullable }) => nullable);
}

/** @param isCircle  true when rows that go themselves would be in the way of their parents */
async function cutReferences({ tx, changes, tables }: Restore, key: ForeignKey, isCircle: boolean): Promise<void> {
  const child = tables.get(key.child);
  if (child === undefined) return;
  const set = key.columns.map((column) => {
    const name = quoteName(column);
    return `${name} = ${key.nullable.includes(column) ? 'NULL' : `p.${name}`}`;
  });
  const same = key.columns.map(
    (column, place) => `d.after->${quoteText(key.parentColumns[place] ?? '')} = c.after->${quoteText(column)}`,
  );
  await tx.query(
    `UPDATE ${child.name} t SET ${set.join(', ')}
     FROM ${changes} c CROSS JOIN LATERAL jsonb_populate_record(NULL::${child.name}, c.before) p
     WHERE c.table_name = $1 AND c.before IS NOT NULL AND c.after IS NOT NULL AND ${sameKey(child, 't', 'p')}
       AND EXISTS (SELECT 1 FROM ${changes} d WHERE d.table_name = $2 AND d.before IS NULL AND ${same.join(' AND ')})`,
    [child.name, key.parent],
  );
  if (!isCircle || key.nullable.length === 0) return;
  await tx.query(
    `UPDATE ${child.name} t SET ${key.nullable.map((column) => `${quoteName(column)} = NULL`).join(', ')}
     FROM ${changes} c CROSS JOIN LATERAL jsonb_populate_record(NULL::${child.name}, c.row_key) k
     WHERE c.table_name = $1 AND c.before IS NULL AND ${sameKey(child, 't', 'k')}`,
    [child.name],
  );
}

async function deleteAgain({ tx, changes }: Restore, table: RestoredTable): Promise<number> {
  const { rowCount } = await tx.query(
    `DELETE FROM ${table.name} t
     USING ${changes} c CROSS JOIN LATERAL jsonb_populate_record(NULL::${table.name}, c.row_key) k
     WHERE c.table_name = $1 AND c.before IS NULL AND ${sameKey(table, 't', 'k')}`,
    [table.name],
  );
  return rowCount;
}

async function insertAgain(
  { tx, changes }: Restore,
  table: RestoredTable,
  waiting: readonly string[],
): Promise<number> {
  const names = table.columns.map(({ name }) => quoteName(name));
  const values = table.columns.map(({ name }) => (waiting.includes(name) ? 'NULL' : `p.${quoteName(name)}`));
  const { rowCount } = await tx.query(
    `INSERT INTO ${table.name} (${names.join(', ')}) OVERRIDING SYSTEM VALUE SELECT ${values.join(', ')}
     FROM ${changes} c CROSS JOIN LATERAL jsonb_populate_record(NULL::${table.name}, c.before) p
     WHERE c.table_name = $1 AND c.after IS NULL
       AND NOT EXISTS (SELECT 1 FROM ${table.name} t WHERE ${sameKey(table, 't', 'p')})`,
    [table.name],
  );
  return rowCount;
}

async function fillAgain({ tx, changes }: Restore, table: RestoredTable, waiting: readonly string[]): Promise<void> {
  if (waiting.length === 0) return;
  const columns = waiting.map((name) => quoteName(name));
  await tx.query(
    `UPDATE ${table.name} t SET ${columns.map((name) => `${name} = p.${name}`).join(', ')}
     FROM ${changes} c CROSS JOIN LATERAL jsonb_populate_record(NULL::${table.name}, c.before) p
     WHERE c.table_name = $1 AND c.after IS NULL AND ${sameKey(table, 't', 'p')}
       AND (${columns.map((name) => `t.${name} IS DISTINCT FROM p.${name}`).join(' OR ')})`,
    [table.name],
  );
}

async function putBack({ tx, changes }: Restore, table: RestoredTable): Promise<number> {
  const { rows } = await tx.query<{ key: string }>(
    `SELECT DISTINCT a.key FROM ${changes} c, jsonb_each(c.after) a
     WHERE c.table_name = $1 AND c.before->a.key IS DISTINCT FROM a.value`,
    [table.name],
  );
  const differing = new Set(rows.map(({ key }) => key));
  const columns = table.columns.filter(({ name, moves }) => differing.has(name) || moves === 'now');
  if (!columns.some(({ moves }) => moves === null)) return 0;
  const { rowCount } = await tx.query(
    `UPDATE ${table.name} t SET ${columns.map((column) => assignment(column)).join(', ')}
     FROM ${changes} c CROSS JOIN LATERAL jsonb_populate_record(NULL::${table.name}, c.before) p
     WHERE c.table_name = $1 AND c.before IS NOT NULL AND c.after IS NOT NULL AND ${sameKey(table, 't', 'p')}`,
    [table.name],
  );
  return rowCount;
}

/** What a column comes to hold in a row of which perhaps other columns are put back. */
function assignment({ name, moves }: RestoredColumn): string {
  const column = quoteName(name);
  if (moves === 'now') return `${column} = now()`;
  const field = quoteText(name);
  const differs = `c.before->${field} IS DISTINCT FROM c.after->${field}`;
  const isMine =
    moves === null ? differs : `${differs} AND to_jsonb(t.${column}) IS NOT DISTINCT FROM c.after->${field}`;
  return `${column} = CASE WHEN ${isMine} THEN p.${column} ELSE t.${column} END`;
}
