import type { Table } from '../config/table.ts';
import type { Tx } from '../database/database.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { TableCounts } from '../flow/counts.ts';
import type { RefusedRow } from '../flow/refused-row.ts';
import { liveNames, parentsFirst, readForeignKeys, readRestored, type RestoredTable } from './restore-catalogue.ts';
import { changedSince, referredToSince } from './restore-refusals.ts';
import { type Restore, writeBack } from './restore-write.ts';

export interface Restored {
  /** By table: rows inserted again, put back, deleted again. All zero when rows were refused. */
  readonly tables: Readonly<Record<string, TableCounts>>;
  /** How many rows stand against it; then nothing was written. */
  readonly refused: number;
  /** The first of them. */
  readonly refusedRows: readonly RefusedRow[];
}

/**
 * Puts rows back as they were before the changes, or writes nothing when some row was changed since. Only the columns
 * that differ are written: what somebody has entered in the others since stays.
 * @param changes  a table with `table_name`, `row_key`, `before`, `after` and `place`, which tells the order: one row a
 *   changed row
 * @param names  the tables in it, with their schemas, quoted
 * @throws SyncError REVERT_REFUSED when a table is no longer there
 */
export async function restoreRows(
  tx: Tx,
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
  return { tables: await writeBack(restore), refused: 0, refusedRows: [] };
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
