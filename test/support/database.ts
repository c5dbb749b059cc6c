import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../src/database/database.ts';
import { startEmbedded } from '../../src/database/embedded/start-embedded.ts';
import { openDatabase } from '../../src/database/open-database.ts';

export interface TestDatabase {
  readonly url: string;
  readonly database: Database;
  drop(): Promise<void>;
}

/** A fresh, empty database on the run's own server, which the first test file that asks for one starts. */
export async function createTestDatabase(schema = 'public'): Promise<TestDatabase> {
  const server = await testServer();
  const name = `test_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const database = await openDatabase({ url: url.href, schema });
  return {
    url: url.href,
    database,
    async drop() {
      await database.close();
      await onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

let started: Promise<string> | undefined;

/**
 * URL of the run's server. Every worker of jest asks; the folder's lock lets one of them start it.
 * SLUICE_TEST_DATABASE names another server, to try an older PostgreSQL; its user must be a superuser.
 */
function testServer(): Promise<string> {
  const other = process.env['SLUICE_TEST_DATABASE'];
  if (other !== undefined) return Promise.resolve(other);
  started ??= startEmbedded({ folder: testServerFolder(), settings: QUICK }).then(({ url }) => url);
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
};

/** Set by the run's global set-up; its teardown stops the server and removes the folder. */
function testServerFolder(): string {
  return process.env['SLUICE_TEST_SERVER'] ?? join(tmpdir(), `sluice-test-${process.pid}`);
}

async function onServer(url: string, sql: string): Promise<void> {
  const server = await openDatabase({ url, schema: 'public', maxConnections: 1 });
  try {
    await server.query(sql);
  } finally {
    await server.close();
  }
}
