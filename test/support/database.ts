import { randomUUID } from 'node:crypto';
import type { Database } from '../../src/database/database.ts';
import { startEmbedded } from '../../src/database/embedded/start-embedded.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import { serverFolder } from './server-folder.ts';
import { COPY_FILES, type Template, templateDatabase } from './template.ts';

export interface TestDatabase {
  readonly url: string;
  readonly database: Database;
  drop(): Promise<void>;
}

/**
 * A fresh database on the run's server, which the first test file that asks for one starts.
 * SLUICE_TEST_DATABASE names another server, to try an older PostgreSQL; its user must be a superuser.
 * @param template  what it holds from the start; nothing unless told
 */
export async function createTestDatabase(schema = 'public', template: Template | null = null): Promise<TestDatabase> {
  const other = process.env['SLUICE_TEST_DATABASE'];
  const server = other ?? (await ownServer());
  const admin = await enter(server);
  const name = `test_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const open = (database: string) => openDatabase({ url: urlOf(server, database), schema });
  const copied = template === null || other !== undefined ? null : await templateDatabase(template, { admin, open });
  await admin.query(
    `CREATE DATABASE ${name} ${copied === null ? '' : `TEMPLATE ${copied}`} ${other === undefined ? COPY_FILES : ''}`,
  );
  const database = await open(name);
  // From a server that outlives the run, nobody would remove a template.
  if (copied === null) await template?.fill(database);
  return {
    url: urlOf(server, name),
    database,
    async drop() {
      await database.close();
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await leave();
    },
  };
}

let admins: Promise<Database> | null = null;
let visitors = 0;

/** The one connection over which this process makes and drops databases; open as long as it has one. */
function enter(server: string): Promise<Database> {
  visitors += 1;
  admins ??= openDatabase({ url: server, schema: 'public', maxConnections: 1 });
  return admins;
}

async function leave(): Promise<void> {
  visitors -= 1;
  if (visitors > 0) return;
  const last = admins;
  admins = null;
  await (await last)?.close();
}

let started: Promise<string> | undefined;

/** URL of the run's server. Every worker of jest asks; the folder's lock lets one of them start it. */
function ownServer(): Promise<string> {
  started ??= startEmbedded({ folder: serverFolder(), settings: QUICK }).then(({ url }) => url);
  return started;
}

/** Nothing here outlives the run, so nothing waits for the disk. */
const QUICK = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '64MB',
  max_connections: '200',
  autovacuum: 'off',
  max_wal_size: '256MB',
  // The few cores have better to do than to hand pages from one process to another.
  io_method: 'sync',
};

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
