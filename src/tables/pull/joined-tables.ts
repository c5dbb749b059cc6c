import type { LiveReference, LiveTable } from '../catalogue.ts';
import type { TableFacts } from './read-facts.ts';

interface Surroundings {
  /** Every table of the schema. */
  readonly all: ReadonlyMap<string, TableFacts>;
  /** Whether a table file has or will have this column. */
  readonly hasColumn: (table: string, column: string) => boolean;
}

/**
 * Joined tables: their primary key is a foreign key to the primary key of another table, which they continue.
 * @returns the reference to the base, by table; of tables that continue each other in a circle, none
 */
export function joinedTables(
  chosen: ReadonlyMap<string, TableFacts>,
  { all, hasColumn }: Surroundings,
): ReadonlyMap<string, LiveReference> {
  const bases = new Map<string, LiveReference>();
  for (const { live } of chosen.values()) {
    const base = live.references.find((reference) => isBase(live, reference, { all, hasColumn }));
    if (base !== undefined) bases.set(live.name, base);
  }
  return new Map([...bases].filter(([name]) => !isInCircle(name, bases)));
}

function isBase(
  child: LiveTable,
  { from, table, column, onDelete }: LiveReference,
  { all, hasColumn }: Surroundings,
): boolean {
  const base = all.get(table)?.live;
  const key = child.columns.get(from);
  if (base === undefined || key === undefined || table === child.name) return false;
  return (
    isSole(child.primaryKey, from) &&
    isSole(base.primaryKey, column) &&
    hasColumn(table, column) &&
    // The table file takes the key from the base, so it must be the same there, and not numbered here.
    base.columns.get(column)?.type === key.type &&
    !key.generated &&
    key.default === null &&
    onDelete !== 'set_null'
  );
}

function isSole(key: readonly string[], column: string): boolean {
  return key.length === 1 && key[0] === column;
}

function isInCircle(name: string, bases: ReadonlyMap<string, LiveReference>): boolean {
  const seen = new Set<string>();
  for (let at = bases.get(name)?.table; at !== undefined; at = bases.get(at)?.table) {
    if (at === name) return true;
    if (seen.has(at)) return false;
    seen.add(at);
  }
  return false;
}
