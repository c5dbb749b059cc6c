import { CASES_SCHEMA } from './cases.ts';
import { MAP_SCHEMA } from './map.ts';
import { MAPPING_SCHEMA } from './mapping.ts';
import { PROJECT_SCHEMA } from './project.ts';
import { publishedSchema } from './published.ts';
import { TABLE_SCHEMA } from './table.ts';

/** The schema of each kind of file in a project, by the name under which editors find it: schemas/NAME.schema.json. */
export const SCHEMAS = {
  project: PROJECT_SCHEMA,
  mapping: MAPPING_SCHEMA,
  table: TABLE_SCHEMA,
  map: MAP_SCHEMA,
  cases: CASES_SCHEMA,
} as const satisfies Readonly<Record<string, object>>;

export type SchemaName = keyof typeof SCHEMAS;

/** As editors take it. */
export function schemaText(name: string): string {
  return JSON.stringify(publishedSchema(new Map<string, object>(Object.entries(SCHEMAS)).get(name) ?? {}), null, 2);
}
