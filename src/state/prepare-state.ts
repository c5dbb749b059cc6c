import type { Database, Tx } from '../database/database.ts';
import { SyncError } from '../errors/sync-error.ts';
import { INITIAL } from './migrations/0001-initial.ts';
import { WHOLE_LANGUAGE } from './migrations/0002-whole-language.ts';
import { NOTHING_IS_LOST } from './migrations/0003-nothing-is-lost.ts';
import { HISTORY } from './migrations/0004-history.ts';
import { SCHEMA_OF_ROWS } from './migrations/0005-schema-of-rows.ts';
import { IMPORTS_AND_THEIR_PROJECTS } from './migrations/0006-imports-and-their-projects.ts';
import { PARENTS_OF_LEFT_OUT } from './migrations/0007-parents-of-left-out.ts';
import { IDS_DUE } from './migrations/0008-ids-due.ts';

/** In order; a migration that was released is never changed. */
const MIGRATIONS: readonly Migration[] = [
  { name: '0001-initial', sql: INITIAL },
  { name: '0002-whole-language', sql: WHOLE_LANGUAGE },
  { name: '0003-nothing-is-lost', sql: NOTHING_IS_LOST },
  { name: '0004-history', sql: HISTORY },
  { name: '0005-schema-of-rows', sql: SCHEMA_OF_ROWS },
  { name: '0006-imports-and-their-projects', sql: IMPORTS_AND_THEIR_PROJECTS },
  { name: '0007-parents-of-left-out', sql: PARENTS_OF_LEFT_OUT },
  { name: '0008-ids-due', sql: IDS_DUE },
];

interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** "sluice" as a number: whoever migrates the state holds this advisory lock. */
const MIGRATION_LOCK = 0x736c7569;

/**
 * Creates or migrates our own schema. All or nothing, and safe when several processes do it at once.
 * @throws SyncError STATE_TOO_NEW when a newer Sluice has migrated it
 */
export async function prepareState(database: Database): Promise<void> {
  if (await isCurrent(database)) return;
  await database.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    // IF NOT EXISTS would ask for the right to create schemas also where an administrator has made this one for us.
    if (!(await hasSchema(tx))) await tx.query('CREATE SCHEMA sluice');
    await tx.query(
      'CREATE TABLE IF NOT EXISTS sluice.migration (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    await migrate(tx);
  });
}

async function hasSchema(tx: Tx): Promise<boolean> {
  const { rows } = await tx.query(`SELECT 1 FROM pg_namespace WHERE nspname = 'sluice'`);
  return rows.length > 0;
}

/** The common case, in one statement and without a right to create anything. */
async function isCurrent(database: Database): Promise<boolean> {
  const { rows } = await database.query<{ there: boolean }>(
    `SELECT to_regclass('sluice.migration') IS NOT NULL AS there`,
  );
  if (rows[0]?.there !== true) return false;
  const applied = await appliedMigrations(database);
  refuseNewer(applied);
  return applied.length === MIGRATIONS.length;
}

async function appliedMigrations(database: Pick<Database, 'query'>): Promise<string[]> {
  const { rows } = await database.query<{ name: string }>('SELECT name FROM sluice.migration ORDER BY name');
  return rows.map(({ name }) => name);
}

function refuseNewer(applied: readonly string[]): void {
  const known = new Set(MIGRATIONS.map(({ name }) => name));
  const unknown = applied.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new SyncError(
    'STATE_TOO_NEW',
    `The state in this database has ${unknown.join(', ')}, which this Sluice lacks.`,
    {
      details: { unknown },
    },
  );
}

async function migrate(tx: Tx): Promise<void> {
  // Loaded only when there is something to migrate: it takes a quarter of a second.
  const { Umzug } = await import('umzug');
  const umzug = new Umzug({
    migrations: MIGRATIONS.map(({ name, sql }) => ({ name, up: () => tx.query(sql) })),
    // Our own table, over the open transaction: a migration and the note that it was made commit together.
    storage: {
      executed: async () => {
        const applied = await appliedMigrations(tx);
        refuseNewer(applied);
        return applied;
      },
      logMigration: async ({ name }) => {
        await tx.query('INSERT INTO sluice.migration (name) VALUES ($1)', [name]);
      },
      unlogMigration: async ({ name }) => {
        await tx.query('DELETE FROM sluice.migration WHERE name = $1', [name]);
      },
    },
    logger: undefined,
  });
  await umzug.up();
}
