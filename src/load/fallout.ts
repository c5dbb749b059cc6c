import { rootTable } from '../config/cells.ts';
import type { ColumnMapping, Mapping, TableMapping } from '../config/mapping.ts';
import type { LinkLookup } from '../config/link.ts';
import { rowKey, soleKey, type Table } from '../config/table.ts';
import type { Tx } from '../database/database.ts';
import { quoteName, quoteTable } from '../database/quote.ts';
import type { CascadeContext } from './cascade.ts';
import { givenKeys, hasKey, keyText, type Rows } from './row-key.ts';
import { idColumn } from './row-presence.ts';
import { isContested } from './stage-layout.ts';

/** A record whose row is met by what goes; found by its id, or by its row where several records may meet in one. */
export interface MetRecord {
  readonly mapping: string;
  readonly sourceId: string | null;
  readonly rowId: string;
}

/** A reference to a row that goes. */
export interface MetLink extends MetRecord {
  /** `table.column`. */
  readonly link: string;
  /** By what the row will be found when it comes back. */
  readonly reference: string;
}

/** What the removal of rows does to the records that are not removed. */
export interface Fallout {
  /** Their rows stay and refer to nothing any more. */
  readonly orphans: readonly MetLink[];
  /** Their rows go along, because they cannot be without the parent. */
  readonly gone: readonly (MetLink & { readonly leftOut: boolean })[];
  /** A part of what they became goes along: they must be mapped again. */
  readonly again: readonly MetRecord[];
}

export interface FalloutContext extends CascadeContext {
  /** Of the whole project. */
  readonly mappings: readonly Mapping[];
}

/** One way in which rows of a table refer to others. */
interface Way {
  readonly mapping: Mapping;
  readonly table: TableMapping;
  readonly column: ColumnMapping;
  readonly lookup: LinkLookup;
  /** Index into the link's lookups. */
  readonly place: number;
}

/**
 * Finds who is met when rows go, before they do.
 * @param going  all rows that go, those that the database takes along too
 */
export async function falloutOf(tx: Tx, going: Rows, context: FalloutContext): Promise<Fallout> {
  const orphans: MetLink[] = [];
  const gone = new Map<string, MetLink & { leftOut: boolean }>();
  const again = new Map<string, MetRecord>();
  for (const way of waysTo(going, context)) {
    const { mapping, table, column } = way;
    const onMissing = column.link?.onMissing;
    for (const met of await referringBy(tx, way, going, context)) {
      const goes = going.get(table.table.name)?.has(met.ownId) === true;
      const { ownId: _own, ...link } = met;
      if (goes && table.role === 'root') gone.set(recordKey(link), { ...link, leftOut: onMissing === 'skip' });
      else if (!goes && table.role !== 'child' && soleKey(table.table) !== null) orphans.push(link);
      else again.set(recordKey(link), { mapping: mapping.name, sourceId: met.sourceId, rowId: met.rowId });
    }
  }
  for (const mapping of context.mappings) {
    for (const met of await rowsGoing(tx, mapping, going, context)) {
      if (!gone.has(recordKey(met))) again.set(recordKey(met), met);
    }
  }
  return { orphans, gone: [...gone.values()], again: [...again.values()].filter((met) => !gone.has(recordKey(met))) };
}

function recordKey({ mapping, rowId }: MetRecord): string {
  return `${mapping} ${rowId}`;
}

function waysTo(going: Rows, { mappings }: FalloutContext): readonly Way[] {
  return mappings.flatMap((mapping) =>
    mapping.tables.flatMap((table) =>
      table.columns.flatMap((column) =>
        (column.link?.lookups ?? []).flatMap((lookup, place) =>
          going.has(lookup.table) ? [{ mapping, table, column, lookup, place }] : [],
        ),
      ),
    ),
  );
}

/** @returns with `ownId`, the key of the row that refers; `rowId` is that of the record's root row */
async function referringBy(
  tx: Tx,
  { mapping, table, column, lookup, place }: Way,
  going: Rows,
  context: FalloutContext,
): Promise<readonly (MetLink & { readonly ownId: string })[]> {
  const { tables, schema } = context;
  const holder = known(lookup.valueTable, tables);
  const named = known(lookup.byTable, tables);
  const by = `${lookup.byTable === lookup.valueTable ? 'v' : 'b'}.${quoteName(lookup.by)}::text`;
  const isCandidates = column.link?.candidates === true;
  const joinNamed =
    lookup.byTable === lookup.valueTable
      ? ''
      : ` JOIN ${quoteTable(schema, named.name)} b ON b.${quoteName(rowKey(named))} = v.${quoteName(rowKey(holder))}`;
  const { rows } = await tx.query<{ own_id: string; row_id: string; source_id: string | null; reference: string }>(
    `SELECT DISTINCT ON (own_id) ${keyText(table.table, 'c')} AS own_id, ${rootOf(mapping, table, schema).row} AS row_id,
       ${rootOf(mapping, table, schema).sourceId} AS source_id,
       ${isCandidates ? `jsonb_build_array(jsonb_build_array('${place}', ${by}))::text` : by} AS reference
     FROM ${givenKeys('$1')} JOIN ${quoteTable(schema, holder.name)} v ON ${hasKey(holder, 'v', 'r.id')}${joinNamed}
     JOIN ${quoteTable(schema, table.table.name)} c ON c.${quoteName(column.column.name)} = v.${quoteName(lookup.value)}
     ${rootOf(mapping, table, schema).join}
     WHERE ${by} IS NOT NULL`,
    [[...(going.get(lookup.table) ?? [])]],
  );
  const link = `${table.table.name}.${column.column.name}`;
  return rows.map((row) => ({
    mapping: mapping.name,
    link,
    ownId: row.own_id,
    rowId: row.row_id,
    sourceId: row.source_id,
    reference: row.reference,
  }));
}

interface RootOf {
  readonly join: string;
  /** SQL of the key of the record's root row. */
  readonly row: string;
  /** SQL of the record's id; null where only the state knows which records the row is of. */
  readonly sourceId: string;
}

/** From a row `c` of a mapping's table to its record. */
function rootOf(mapping: Mapping, table: TableMapping, schema: string): RootOf {
  const root = rootTable(mapping);
  const id = isContested(root) ? null : idColumn(root);
  const alias = table === root ? 'c' : 'o';
  const owner = table.role === 'child' ? (table.parent?.column ?? '') : (soleKey(table.table) ?? '');
  return {
    join:
      table === root
        ? ''
        : `JOIN ${quoteTable(schema, root.table.name)} o ON o.${quoteName(rowKey(root.table))} = c.${quoteName(owner)}`,
    row: keyText(root.table, alias),
    sourceId: id === null ? 'NULL' : `${alias}.${quoteName(id)}::text`,
  };
}

/** Records that lose a row which nothing says is found by a link. */
async function rowsGoing(
  tx: Tx,
  mapping: Mapping,
  going: Rows,
  { schema }: FalloutContext,
): Promise<readonly MetRecord[]> {
  const met: MetRecord[] = [];
  for (const table of mapping.tables) {
    const ids = going.get(table.table.name);
    if (ids === undefined) continue;
    const { join, row, sourceId } = rootOf(mapping, table, schema);
    const { rows } = await tx.query<{ row_id: string; source_id: string | null }>(
      `SELECT DISTINCT ${row} AS row_id, ${sourceId} AS source_id FROM ${givenKeys('$1')}
       JOIN ${quoteTable(schema, table.table.name)} c ON ${hasKey(table.table, 'c', 'r.id')} ${join}`,
      [[...ids]],
    );
    met.push(...rows.map((found) => ({ mapping: mapping.name, rowId: found.row_id, sourceId: found.source_id })));
  }
  return met;
}

function known(name: string, tables: ReadonlyMap<string, Table>): Table {
  const table = tables.get(name);
  if (table === undefined) throw new RangeError(`there is no table ${name}`);
  return table;
}
