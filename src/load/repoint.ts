import { rootTable } from '../config/cells.ts';
import type { Mapping } from '../config/mapping.ts';
import type { Tx } from '../database/database.ts';
import { classifyDatabaseError } from '../database/database-error.ts';
import { quoteName, quoteTable } from '../database/quote.ts';
import type { FalloutContext } from './fallout.ts';
import type { ForeignKeyFacts } from './foreign-keys.ts';
import { hasKey } from './row-key.ts';

/** Keys of the root rows of a record that was merged, and of the one that it was merged into. */
export interface MergedRows {
  readonly loser: string;
  readonly master: string;
}

/**
 * Points what refers to the rows of merged records to those of their masters, as the org has done with its own: what
 * the app keeps about the loser is kept about the master. What the master has already, or cannot take, stays.
 * @returns rows written, by table
 */
export async function pointToMasters(
  tx: Tx,
  mapping: Mapping,
  merged: readonly MergedRows[],
  context: FalloutContext,
): Promise<Readonly<Record<string, number>>> {
  const written: Record<string, number> = {};
  if (merged.length === 0) return written;
  for (const key of keysTo(mapping, context)) {
    const rows = await pointAll(tx, key, merged, context);
    if (rows > 0) written[key.child] = (written[key.child] ?? 0) + rows;
  }
  return written;
}

/** References to the record's rows from outside of what records of this kind become themselves. */
function keysTo(mapping: Mapping, { foreignKeys, mappings }: FalloutContext): readonly ForeignKeyFacts[] {
  const root = rootTable(mapping).table.name;
  const own = new Set(
    mappings
      .filter((other) => rootTable(other).table.name === root)
      .flatMap(({ tables }) => tables.map(({ table }) => table.name)),
  );
  const parents = new Set(mapping.tables.filter(({ role }) => role !== 'child').map(({ table }) => table.name));
  return foreignKeys.filter(({ parent, child }) => parents.has(parent) && !own.has(child));
}

/** All at once; where one row stands in the way, one pair after the other. */
async function pointAll(
  tx: Tx,
  key: ForeignKeyFacts,
  merged: readonly MergedRows[],
  context: FalloutContext,
): Promise<number> {
  try {
    return await tx.savepoint(async () => point(tx, key, merged, context));
  } catch (error) {
    if (classifyDatabaseError(error)?.kind !== 'row') throw error;
    if (merged.length === 1) return 0;
    const middle = Math.ceil(merged.length / 2);
    const first = await pointAll(tx, key, merged.slice(0, middle), context);
    return first + (await pointAll(tx, key, merged.slice(middle), context));
  }
}

async function point(
  tx: Tx,
  { child, childColumn, parent, parentColumn }: ForeignKeyFacts,
  merged: readonly MergedRows[],
  { tables, schema }: FalloutContext,
): Promise<number> {
  const table = tables.get(parent);
  if (table === undefined) return 0;
  const times = (tables.get(child)?.columns ?? [])
    .filter(({ touch }) => touch === 'change')
    .map(({ name }) => `${quoteName(name)} = now()`);
  const target = quoteTable(schema, parent);
  const { rowCount } = await tx.query(
    `UPDATE ${quoteTable(schema, child)} c
     SET ${[`${quoteName(childColumn)} = m.${quoteName(parentColumn)}`, ...times].join(', ')}
     FROM unnest($1::text[], $2::text[]) AS r(loser, master)
     JOIN ${target} l ON ${hasKey(table, 'l', 'r.loser')} JOIN ${target} m ON ${hasKey(table, 'm', 'r.master')}
     WHERE c.${quoteName(childColumn)} = l.${quoteName(parentColumn)} AND m.${quoteName(parentColumn)} IS NOT NULL`,
    [merged.map(({ loser }) => loser), merged.map(({ master }) => master)],
  );
  return rowCount;
}
