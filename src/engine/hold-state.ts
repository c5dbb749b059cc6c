import { importIdentity } from '../config/import-identity.ts';
import type { Mapping } from '../config/mapping.ts';
import type { Project } from '../config/project.ts';
import type { Queryable } from '../database/database.ts';
import { holdImports } from '../state/hold-imports.ts';
import { holdSchema } from '../state/hold-schema.ts';

/**
 * Makes sure that what the state knows by the names of these mappings is about them and their rows.
 * @throws SyncError SCHEMA_CHANGED, IMPORT_CHANGED
 */
export async function holdState(
  database: Queryable,
  { name: project, database: { schema } }: Pick<Project, 'name' | 'database'>,
  mappings: ReadonlySet<Mapping>,
): Promise<void> {
  await holdSchema(database, { schema, mappings: [...mappings].map(({ name }) => name) });
  await holdImports(database, { project, schema, imports: [...mappings].map(importIdentity) });
}
