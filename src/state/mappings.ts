import type { Queryable } from '../database/database.ts';

/** The short number that stands for a mapping in the state; a new mapping gets one. */
export async function mappingId(database: Queryable, name: string): Promise<number> {
  const known = await knownMappingId(database, name);
  if (known !== null) return known;
  await database.query('INSERT INTO sluice.mapping (name) VALUES ($1) ON CONFLICT (name) DO NOTHING', [name]);
  // Asked again: another process may have been first, and then the statement above returns nothing.
  const id = await knownMappingId(database, name);
  if (id === null) throw new RangeError(`mapping ${name} got no number`);
  return id;
}

/** @returns null for a mapping that has never been run */
export async function knownMappingId(database: Queryable, name: string): Promise<number | null> {
  const { rows } = await database.query<{ id: number }>('SELECT id FROM sluice.mapping WHERE name = $1', [name]);
  return rows[0]?.id ?? null;
}

/** The numbers of all mappings that have been run, by name. */
export async function mappingIds(database: Queryable): Promise<ReadonlyMap<string, number>> {
  const { rows } = await database.query<{ id: number; name: string }>('SELECT id, name FROM sluice.mapping');
  return new Map(rows.map(({ id, name }) => [name, id]));
}
