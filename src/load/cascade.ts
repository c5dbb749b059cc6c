import type { Table } from '../config/table.ts';
import type { Tx } from '../database/database.ts';
import { quoteName, quoteTable } from '../database/quote.ts';
import type { ForeignKeyFacts } from './foreign-keys.ts';
import type { LinkContext } from './link-sql.ts';
import { givenKeys, hasKey, keyText, type Rows } from './row-key.ts';

export interface CascadeContext extends LinkContext {
  readonly foreignKeys: readonly ForeignKeyFacts[];
}

/** Which rows go when these go: they themselves, and those that the database takes along. */
export async function withCascades(tx: Tx, rows: Rows, context: CascadeContext): Promise<Rows> {
  const going = new Map<string, Set<string>>();
  let next: Rows = rows;
  while (next.size > 0) {
    const found = new Map<string, Set<string>>();
    for (const [table, ids] of next) {
      const fresh = add(going, table, ids);
      if (fresh.length === 0) continue;
      for (const key of context.foreignKeys) {
        if (key.parent !== table || key.onDelete !== 'cascade') continue;
        add(found, key.child, await referring(tx, key, fresh, context));
      }
    }
    next = found;
  }
  return going;
}

/** Adds what is not there yet, and gives it. */
function add(rows: Map<string, Set<string>>, table: string, ids: Iterable<string>): readonly string[] {
  const known = rows.get(table) ?? new Set();
  const fresh = [...ids].filter((id) => !known.has(id));
  for (const id of fresh) known.add(id);
  if (known.size > 0) rows.set(table, known);
  return fresh;
}

async function referring(
  tx: Tx,
  key: ForeignKeyFacts,
  parents: readonly string[],
  { tables, schema }: CascadeContext,
): Promise<readonly string[]> {
  const parent = tables.get(key.parent);
  const child = tables.get(key.child);
  // A table of the app's own: what goes there is the app's to know.
  if (parent === undefined || child === undefined) return [];
  const { rows } = await tx.query<{ id: string }>(
    `SELECT ${keyText(child, 'c')} AS id FROM ${referringSql(key, parent, schema)}`,
    [parents],
  );
  return rows.map(({ id }) => id);
}

/** FROM clause: rows `c` that refer by a foreign key to rows `p` whose keys are `$1`. */
export function referringSql(key: ForeignKeyFacts, parent: Table, schema: string): string {
  return `${givenKeys('$1')} JOIN ${quoteTable(schema, key.parent)} p ON ${hasKey(parent, 'p', 'r.id')}
    JOIN ${quoteTable(schema, key.child)} c ON c.${quoteName(key.childColumn)} = p.${quoteName(key.parentColumn)}`;
}
