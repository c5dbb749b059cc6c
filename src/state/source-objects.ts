import type { Queryable } from '../database/database.ts';
import type { SourceField, SourceObject } from '../flow/source-object.ts';

/** The objects as the org described them in the last run that ended well; those that it did not ask for are not there. */
export async function knownObjects(database: Queryable): Promise<readonly SourceObject[]> {
  const { rows } = await database.query<{ object: string; fields: readonly SourceField[] }>(
    'SELECT object, fields FROM sluice.source_object',
  );
  return rows.map(({ object, fields }) => ({ name: object, fields }));
}

/** Remembers what the org says now; an object that has not changed is not written. */
export async function rememberObjects(database: Queryable, objects: readonly SourceObject[]): Promise<void> {
  if (objects.length === 0) return;
  await database.query(
    `INSERT INTO sluice.source_object AS o (object, fields)
     SELECT * FROM unnest($1::text[], $2::jsonb[])
     ON CONFLICT (object) DO UPDATE SET fields = EXCLUDED.fields, seen_at = now()
     WHERE o.fields IS DISTINCT FROM EXCLUDED.fields`,
    [objects.map(({ name }) => name), objects.map(({ fields }) => JSON.stringify(fields.map(kept)))],
  );
}

/** What of a field is kept, and nothing that happens to come with it. */
function kept(field: SourceField): SourceField {
  const { name, label, type, length, nillable, defaulted, calculated, groupable } = field;
  const { referenceTo, relationshipName, picklist } = field;
  const about = { name, label, type, length, nillable, defaulted, calculated, groupable };
  return { ...about, referenceTo, relationshipName, picklist };
}
