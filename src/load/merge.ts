import type { Tx } from '../database/database.ts';
import { DatabaseError } from '../database/database-error.ts';
import { type ColumnChange, NO_TABLE_COUNTS, type TableCounts } from '../flow/counts.ts';
import type { ChildStatements } from './child-sql.ts';
import type { RowStatements } from './row-sql.ts';

/** One commit's merge on its way. */
export interface Merge {
  readonly fresh: number;
  readonly existing: number;
  /** Root keys of the records in which something changed; each statement adds its own. */
  readonly changed: Set<string>;
  /** By `table.column`; null in a run, which has no need to know. */
  readonly changes: Map<string, ColumnChange> | null;
}

/** Merges the stage into the root table or an extension. */
export async function mergeRows(tx: Tx, row: RowStatements, merge: Merge): Promise<TableCounts> {
  const { fresh, existing, changed } = merge;
  let inserted = fresh === 0 ? 0 : (await tx.query(row.insertFresh)).rowCount;
  if (inserted !== fresh) throw swallowed(row);
  let updated = 0;
  if (existing > 0) {
    await noteChanges(tx, row, merge);
    if (row.update !== null) updated = await collect(tx, row.update, changed);
    if (row.insertMissing !== null) inserted += await collect(tx, row.insertMissing, changed);
  }
  return { ...NO_TABLE_COUNTS, inserted, updated };
}

/** Merges the stage into a child table. */
export async function mergeChildren(tx: Tx, child: ChildStatements, merge: Merge): Promise<TableCounts> {
  const { fresh, existing, changed } = merge;
  let inserted = fresh === 0 ? 0 : (await tx.query(child.insertFresh)).rowCount;
  let updated = 0;
  let deleted = 0;
  if (existing > 0) {
    await noteChanges(tx, child, merge);
    if (child.update !== null) updated += await collect(tx, child.update, changed);
    inserted += await collect(tx, child.insertMissing, changed);
    if (child.demote !== null) updated += await collect(tx, child.demote, changed);
    if (child.remove !== null) deleted = await collect(tx, child.remove, changed);
  }
  return { ...NO_TABLE_COUNTS, inserted, updated, deleted };
}

/** A trigger that swallows a new row says nothing: its record would be lost in silence. */
function swallowed({ table }: RowStatements): DatabaseError {
  return new DatabaseError({
    message: 'a trigger kept rows out without an error',
    // triggered_data_change_violation: some row of the statement is at fault.
    sqlState: '27000',
    constraint: null,
    table: table.table.name,
    column: null,
    socketCode: null,
  });
}

type ChangeStatements = Pick<RowStatements, 'table' | 'changes' | 'changing'>;

async function noteChanges(tx: Tx, { table, changes, changing }: ChangeStatements, merge: Merge): Promise<void> {
  if (merge.changes === null || changes === null) return;
  const { rows } = await tx.query<{ changes: readonly ColumnChange[] }>(changes);
  for (const [index, change] of (rows[0]?.changes ?? []).entries()) {
    if (change.rows > 0) merge.changes.set(`${table.table.name}.${changing[index]}`, change);
  }
}

async function collect(tx: Tx, sql: string, changed: Set<string>): Promise<number> {
  const { rows } = await tx.query<{ id: string | number }>(sql);
  for (const { id } of rows) changed.add(String(id));
  return rows.length;
}
