import type { Queryable } from '../database/database.ts';
import { SyncError } from '../errors/sync-error.ts';

interface Placed {
  readonly schema: string;
  /** Names of mappings. */
  readonly mappings: readonly string[];
}

/**
 * Makes sure that what is known of these mappings is known of the rows in this schema, and remembers that of mappings of
 * which nothing is known yet. Else their records would count as loaded, and none would be here.
 * @throws SyncError SCHEMA_CHANGED
 */
export async function holdSchema(database: Queryable, { schema, mappings }: Placed): Promise<void> {
  const { rows } = await database.query<{ name: string; target_schema: string | null }>(
    'SELECT name, target_schema FROM sluice.mapping WHERE name = ANY($1)',
    [mappings],
  );
  const other = rows.find(({ target_schema: known }) => known !== null && known !== schema);
  if (other !== undefined) throw elsewhere(other.name, other.target_schema ?? '', schema);
  const placed = new Set(rows.flatMap(({ name, target_schema: known }) => (known === null ? [] : [name])));
  const open = mappings.filter((name) => !placed.has(name));
  if (open.length === 0) return;
  await database.query(
    `INSERT INTO sluice.mapping (name, target_schema) SELECT name, $2 FROM unnest($1::text[]) AS n(name)
     ON CONFLICT (name) DO UPDATE SET target_schema = EXCLUDED.target_schema WHERE mapping.target_schema IS NULL`,
    [open, schema],
  );
}

function elsewhere(mapping: string, known: string, schema: string): SyncError {
  return new SyncError(
    'SCHEMA_CHANGED',
    `The rows of ${mapping} that this database's state knows of are in the schema ${known}, and not in ${schema}.`,
    { details: { mapping, known, schema } },
  );
}

/**
 * Forgets in which schema the rows of these mappings are: the next run takes that of its project.
 * @returns of how many it was known
 */
export async function forgetSchema(database: Queryable, mappings: readonly string[]): Promise<number> {
  const { rowCount } = await database.query(
    'UPDATE sluice.mapping SET target_schema = NULL WHERE name = ANY($1) AND target_schema IS NOT NULL',
    [mappings],
  );
  return rowCount;
}
