import { childTables, rootTable } from '../config/cells.ts';
import type { Mapping, TableMapping } from '../config/mapping.ts';
import { columnOf } from '../config/table.ts';
import type { Queryable, Tx } from '../database/database.ts';
import { quoteName, quoteTable } from '../database/quote.ts';
import { NO_TABLE_COUNTS, type TableCounts } from '../flow/counts.ts';
import { referringSql, withCascades } from './cascade.ts';
import { holdsValue, stageType } from './column-sql.ts';
import { type Fallout, type FalloutContext, falloutOf } from './fallout.ts';
import { readForeignKeys } from './foreign-keys.ts';
import { type MarkedRow, markRows } from './mark-rows.ts';
import { type MergedRows, pointToMasters } from './repoint.ts';
import { givenKeys, hasKey, keyText, type Rows } from './row-key.ts';
import { idColumn } from './row-presence.ts';
import { isContested } from './stage-layout.ts';

/** Removes or marks the rows of a mapping's records. Rows are told by the texts of their root keys. */
export interface Remover {
  /** True when the state knows which rows the records became; else {@link Remover.find} does. */
  readonly contested: boolean;
  /** True when rows can be found at all. */
  readonly canFind: boolean;
  /** Key texts of the rows of these records, by id; only where records do not meet in one row. */
  find(tx: Queryable, sourceIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Those of these rows that must not be touched. */
  left(tx: Queryable, rowIds: readonly string[]): Promise<ReadonlySet<string>>;
  mark(tx: Tx, rowIds: readonly string[]): Promise<readonly (MarkedRow & { readonly written: boolean })[]>;
  /** @param rowIds  root keys of the records whose rows go, by the table that they go from */
  remove(tx: Tx, rowIds: Rows): Promise<Removed>;
  /** Points what refers to the losers' rows to those of their masters. @returns rows written, by table */
  pointToMasters(tx: Tx, merged: readonly MergedRows[]): Promise<Readonly<Record<string, number>>>;
  /** Those of these rows that something refers to which does not let them go. */
  held(tx: Queryable, rowIds: readonly string[]): Promise<ReadonlySet<string>>;
}

export interface Removed {
  readonly tables: Readonly<Record<string, TableCounts>>;
  readonly fallout: Fallout;
}

export type RemoverOptions = Omit<FalloutContext, 'foreignKeys'>;

export async function openRemover(mapping: Mapping, database: Queryable, options: RemoverOptions): Promise<Remover> {
  const { schema } = options;
  const isHard = mapping.deletes?.action === 'hard';
  const context: FalloutContext = {
    ...options,
    foreignKeys: isHard ? await readForeignKeys(database, schema) : [],
  };
  const root = rootTable(mapping);
  const id = idColumn(root);
  const contested = isContested(root);
  return {
    contested,
    canFind: contested || id !== null,
    find: async (tx, sourceIds) => (id === null ? new Map() : findRows(tx, { root, id, schema }, sourceIds)),
    left: async (tx, rowIds) => leftRows(tx, root, rowIds, schema),
    mark: async (tx, rowIds) => {
      const mark = mapping.deletes?.mark ?? null;
      return mark === null || rowIds.length === 0 ? [] : markRows(tx, mark, rowIds, context);
    },
    remove: async (tx, rowIds) => removeRows(tx, mapping, rowIds, context),
    pointToMasters: async (tx, merged) => pointToMasters(tx, mapping, merged, context),
    held: async (tx, rowIds) => heldRows(tx, mapping, rowIds, context),
  };
}

async function findRows(
  tx: Queryable,
  { root, id, schema }: { readonly root: TableMapping; readonly id: string; readonly schema: string },
  sourceIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const column = `t.${quoteName(id)}`;
  const { rows } = await tx.query<{ source_id: string; row_id: string }>(
    `SELECT ${column}::text AS source_id, ${keyText(root.table, 't')} AS row_id
     FROM ${quoteTable(schema, root.table.name)} t
     WHERE ${column} = ANY($1::text[]::${stageType(columnOf(root.table, id).type)}[])`,
    [sourceIds],
  );
  return new Map(rows.map(({ source_id: source, row_id: row }) => [source, row]));
}

async function leftRows(
  tx: Queryable,
  { table, leave }: TableMapping,
  rowIds: readonly string[],
  schema: string,
): Promise<ReadonlySet<string>> {
  if (leave.length === 0 || rowIds.length === 0) return new Set();
  const { rows } = await tx.query<{ id: string }>(
    `SELECT r.id FROM ${givenKeys('$1')} JOIN ${quoteTable(schema, table.name)} t ON ${hasKey(table, 't', 'r.id')}
     WHERE ${leave.map((value) => holdsValue('t', value)).join(' AND ')}`,
    [rowIds],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Children first, then extensions, derived before base, and the root last. */
async function removeRows(tx: Tx, mapping: Mapping, rowIds: Rows, context: FalloutContext): Promise<Removed> {
  const { schema } = context;
  const own = new Map<string, ReadonlySet<string>>();
  for (const table of mapping.tables) {
    const roots = rowIds.get(table.table.name);
    if (roots !== undefined && roots.size > 0) own.set(table.table.name, await rowsOf(tx, table, roots, schema));
  }
  const going = await withCascades(tx, own, context);
  const fallout = await falloutOf(tx, going, context);
  for (const table of mapping.tables.toReversed()) {
    const ids = own.get(table.table.name);
    if (ids === undefined || ids.size === 0) continue;
    await tx.query(
      `DELETE FROM ${quoteTable(schema, table.table.name)} t USING ${givenKeys('$1')}
       WHERE ${hasKey(table.table, 't', 'r.id')}`,
      [[...ids]],
    );
  }
  const tables = [...going].map(([name, ids]) => [name, { ...NO_TABLE_COUNTS, deleted: ids.size }] as const);
  return { tables: Object.fromEntries(tables), fallout };
}

/** Keys of the rows in one of the mapping's tables that belong to root rows. */
async function rowsOf(
  tx: Queryable,
  { table, role, parent }: TableMapping,
  roots: ReadonlySet<string>,
  schema: string,
): Promise<ReadonlySet<string>> {
  const owner = role === 'child' && parent !== null ? parent.column : null;
  const match =
    owner === null
      ? hasKey(table, 't', 'r.id')
      : `t.${quoteName(owner)} = r.id::${stageType(columnOf(table, owner).type)}`;
  const { rows } = await tx.query<{ id: string }>(
    `SELECT ${keyText(table, 't')} AS id FROM ${givenKeys('$1')} JOIN ${quoteTable(schema, table.name)} t ON ${match}`,
    [[...roots]],
  );
  return new Set(rows.map(({ id }) => id));
}

async function heldRows(
  tx: Queryable,
  mapping: Mapping,
  rowIds: readonly string[],
  { foreignKeys, tables, schema }: FalloutContext,
): Promise<ReadonlySet<string>> {
  const children = new Set(childTables(mapping).map(({ table }) => table.name));
  const own = new Set(mapping.tables.filter(({ role }) => role !== 'child').map(({ table }) => table.name));
  const held = new Set<string>();
  for (const key of foreignKeys) {
    const parent = tables.get(key.parent);
    if (key.onDelete !== 'restrict' || !own.has(key.parent) || parent === undefined) continue;
    if (own.has(key.child) || children.has(key.child)) continue;
    const { rows } = await tx.query<{ id: string }>(`SELECT DISTINCT r.id FROM ${referringSql(key, parent, schema)}`, [
      rowIds,
    ]);
    for (const { id } of rows) held.add(id);
  }
  return held;
}
