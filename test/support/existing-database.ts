import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from '../../src/database/database.ts';
import { type PulledFile, pullTables, type PullRequest } from '../../src/tables/pull/pull-tables.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/databases', import.meta.url));

/** The schemas that other tools make. */
export const TOOLS = ['django', 'rails', 'prisma', 'alembic'] as const;

/** The statements with which another tool made its tables. */
export function madeBy(tool: (typeof TOOLS)[number]): string {
  return readFileSync(join(FIXTURES, `${tool}.sql`), 'utf8');
}

/** Pulls the schema that the database is opened on, as into an empty folder. */
export function pull(
  database: Database,
  request: Partial<PullRequest> = {},
): Promise<Awaited<ReturnType<typeof pullTables>>> {
  return pullTables(database, {
    tables: [],
    schema: database.schema,
    files: new Map(),
    force: false,
    schemaPath: '../../schemas/table.schema.json',
    ...request,
  });
}

/** As files of a project. */
export function asProjectFiles(files: readonly PulledFile[]): Record<string, string> {
  return Object.fromEntries(files.map(({ file, text }) => [`mappings/tables/${file}`, text]));
}
