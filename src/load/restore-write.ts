import { DatabaseError } from '../database/database-error.ts';
import type { Tx } from '../database/database.ts';
import { quoteName, quoteText } from '../database/quote.ts';
import { NO_TABLE_COUNTS, type TableCounts } from '../flow/counts.ts';
import {
  againstOrder,
  type ForeignKey,
  type RestoredColumn,
  type RestoredTable,
  sameKey,
} from './restore-catalogue.ts';

export interface Restore {
  readonly tx: Tx;
  readonly changes: string;
  /** By name; parents before their children. */
  readonly tables: ReadonlyMap<string, RestoredTable>;
  readonly keys: readonly ForeignKey[];
}

/**
 * References to rows that go are cut first, so that these can go; they go before others come back, which may have the
 * same unique values; what is left is put back last, when every row that it can refer to is there.
 * @returns what was done, by table
 */
export async function writeBack(restore: Restore): Promise<Record<string, TableCounts>> {
  const { tx, tables, keys } = restore;
  const order = [...tables.values()];
  const circles = againstOrder([...tables.keys()], keys);
  for (const key of keys) await cutReferences(restore, key, circles.includes(key));
  const deleted = new Map<string, number>();
  for (const table of order.toReversed()) deleted.set(table.name, await deleteAgain(restore, table));
  const plans: TablePlan[] = [];
  for (const table of order) plans.push(await planOf(restore, table, circles));
  const written = await tx
    .savepoint(async () => allAtOnce(restore, plans))
    .catch(async (error: unknown) => {
      // Rows that have passed a unique value on to each other can only give it back in the opposite order.
      if (!(error instanceof DatabaseError) || error.sqlState !== UNIQUE_VIOLATION) throw error;
      return oneByOne(restore, plans);
    });
  return Object.fromEntries(
    written.map(([{ table }, counts]) => [
      table.label,
      { ...NO_TABLE_COUNTS, ...counts, deleted: deleted.get(table.name) ?? 0 },
    ]),
  );
}

const UNIQUE_VIOLATION = '23505';

/** What is written in one table. */
interface TablePlan {
  readonly table: RestoredTable;
  /** Columns that refer to a table which comes later: null in rows that come back, until that is there. */
  readonly waiting: readonly string[];
  /** Columns that differ somewhere, and the one that tells when a row was last changed. */
  readonly columns: readonly RestoredColumn[];
}

type Written = readonly (readonly [TablePlan, Pick<TableCounts, 'inserted' | 'updated'>])[];

async function planOf(
  { tx, changes }: Restore,
  table: RestoredTable,
  circles: readonly ForeignKey[],
): Promise<TablePlan> {
  const { rows } = await tx.query<{ key: string }>(
    `SELECT DISTINCT a.key FROM ${changes} c, jsonb_each(c.after) a
     WHERE c.table_name = $1 AND c.before IS NOT NULL AND c.before->a.key IS DISTINCT FROM a.value`,
    [table.name],
  );
  const differing = new Set(rows.map(({ key }) => key));
  const columns = table.columns.filter(({ name, moves }) => differing.has(name) || moves === 'now');
  return {
    table,
    waiting: circles.filter(({ child }) => child === table.name).flatMap(({ nullable }) => nullable),
    columns: columns.some(({ moves }) => moves === null) ? columns : [],
  };
}

async function allAtOnce({ tx, changes }: Restore, plans: readonly TablePlan[]): Promise<Written> {
  const inserted = new Map<TablePlan, number>();
  for (const plan of plans) inserted.set(plan, (await tx.query(insertSql(changes, plan, ''))).rowCount);
  const written: (readonly [TablePlan, Pick<TableCounts, 'inserted' | 'updated'>])[] = [];
  for (const plan of plans) {
    if (plan.waiting.length > 0) await tx.query(fillSql(changes, plan));
    const update = updateSql(changes, plan, plan.columns, '');
    const updated = update === null ? 0 : (await tx.query(update)).rowCount;
    written.push([plan, { inserted: inserted.get(plan) ?? 0, updated }]);
  }
  return written;
}

/** The rows of each table in the order opposite to that of their changes. Slow, and needed for few runs. */
async function oneByOne({ tx, changes }: Restore, plans: readonly TablePlan[]): Promise<Written> {
  const written: (readonly [TablePlan, Pick<TableCounts, 'inserted' | 'updated'>])[] = [];
  for (const plan of plans) {
    const own = plan.columns.filter(({ name }) => !plan.waiting.includes(name));
    const update = updateSql(changes, plan, own, 'AND c.place = one.place') ?? 'NULL';
    await tx.query(
      `DO $restore$ DECLARE one record; BEGIN
         FOR one IN SELECT place, after IS NULL AS gone FROM ${changes}
           WHERE table_name = ${quoteText(plan.table.name)} AND before IS NOT NULL ORDER BY place DESC
         LOOP
           IF one.gone THEN ${insertSql(changes, plan, 'AND c.place = one.place')};
           ELSE ${update};
           END IF;
         END LOOP;
       END $restore$`,
    );
    const { rows } = await tx.query<{ inserted: number; updated: number }>(
      `SELECT count(*) FILTER (WHERE after IS NULL)::int AS inserted, count(after)::int AS updated FROM ${changes}
       WHERE table_name = $1 AND before IS NOT NULL`,
      [plan.table.name],
    );
    written.push([plan, rows[0] ?? { inserted: 0, updated: 0 }]);
  }
  for (const plan of plans) {
    if (plan.waiting.length === 0) continue;
    await tx.query(fillSql(changes, plan));
    const late = updateSql(
      changes,
      plan,
      plan.columns.filter(({ name }) => plan.waiting.includes(name)),
      '',
    );
    if (late !== null) await tx.query(late);
  }
  return written;
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

function insertSql(changes: string, { table, waiting }: TablePlan, which: string): string {
  const names = table.columns.map(({ name }) => quoteName(name));
  const values = table.columns.map(({ name }) => (waiting.includes(name) ? 'NULL' : `p.${quoteName(name)}`));
  return `INSERT INTO ${table.name} (${names.join(', ')}) OVERRIDING SYSTEM VALUE SELECT ${values.join(', ')}
    FROM ${changes} c CROSS JOIN LATERAL jsonb_populate_record(NULL::${table.name}, c.before) p
    WHERE c.table_name = ${quoteText(table.name)} AND c.after IS NULL ${which}
      AND NOT EXISTS (SELECT 1 FROM ${table.name} t WHERE ${sameKey(table, 't', 'p')})`;
}

function fillSql(changes: string, { table, waiting }: TablePlan): string {
  const columns = waiting.map((name) => quoteName(name));
  return `UPDATE ${table.name} t SET ${columns.map((name) => `${name} = p.${name}`).join(', ')}
    FROM ${changes} c CROSS JOIN LATERAL jsonb_populate_record(NULL::${table.name}, c.before) p
    WHERE c.table_name = ${quoteText(table.name)} AND c.after IS NULL AND ${sameKey(table, 't', 'p')}
      AND (${columns.map((name) => `t.${name} IS DISTINCT FROM p.${name}`).join(' OR ')})`;
}

/** @returns null when there is nothing to write */
function updateSql(
  changes: string,
  { table }: TablePlan,
  columns: readonly RestoredColumn[],
  which: string,
): string | null {
  if (columns.length === 0) return null;
  return `UPDATE ${table.name} t SET ${columns.map((column) => assignment(column)).join(', ')}
    FROM ${changes} c CROSS JOIN LATERAL jsonb_populate_record(NULL::${table.name}, c.before) p
    WHERE c.table_name = ${quoteText(table.name)} AND c.before IS NOT NULL AND c.after IS NOT NULL ${which}
      AND ${sameKey(table, 't', 'p')}`;
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
