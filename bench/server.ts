import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbedded } from '../src/database/embedded/start-embedded.ts';
import { treeCpu } from './machine.ts';

/** The PostgreSQL server that everybody is measured on; each rival has a database of its own. */
export interface Server {
  readonly description: string;
  url(database: string): string;
  /** Makes `name` anew, as a copy of `template`. */
  create(name: string, template?: string): Promise<void>;
  drop(name: string): Promise<void>;
  /** VACUUM ANALYZE and CHECKPOINT, so that no measurement pays for the one before it. */
  settle(name: string): Promise<void>;
  query<Row extends object>(name: string, sql: string): Promise<Row[]>;
  /** Bytes of write-ahead log since the server was made. */
  walBytes(): Promise<number>;
  /** CPU seconds of all server processes so far; null when it runs elsewhere. */
  cpuSeconds(): number | null;
  close(): Promise<void>;
}

interface Place {
  readonly url: string;
  readonly pid: number | null;
  readonly release: () => Promise<void>;
}

/** @param folder  for the data of the embedded server; unused when `databaseUrl` is given */
export async function openServer(folder: string, databaseUrl: string | undefined): Promise<Server> {
  const place = databaseUrl === undefined ? await embedded(folder) : elsewhere(databaseUrl);
  const url = (database: string): string => {
    const address = new URL(place.url);
    address.pathname = `/${database}`;
    return address.href;
  };
  const query = <Row extends object>(name: string, sql: string): Promise<Row[]> => ask<Row>(url(name), sql);
  const admin = new URL(place.url).pathname.slice(1);
  return {
    description: await describe(place),
    url,
    create: async (name, template = 'template0') => {
      await query(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await query(admin, `CREATE DATABASE ${name} TEMPLATE ${template}`);
    },
    drop: async (name) => {
      await query(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
    settle: async (name) => {
      await query(name, 'VACUUM (ANALYZE)');
      await query(name, 'CHECKPOINT');
    },
    query,
    walBytes: async () => {
      const [row] = await query<{ bytes: string }>(
        admin,
        "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS bytes",
      );
      return Number(row?.bytes ?? 0);
    },
    cpuSeconds: () => (place.pid === null ? null : treeCpu(place.pid)),
    close: place.release,
  };
}

/** Autovacuum starts when it likes and would hit one rival and not the next; the benchmark vacuums between instead. */
async function embedded(folder: string): Promise<Place> {
  const server = await startEmbedded({ folder, settings: { autovacuum: 'off' } });
  const pid = Number(readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  return { url: server.url, pid: Number.isInteger(pid) ? pid : null, release: () => server.release() };
}

function elsewhere(url: string): Place {
  return { url, pid: null, release: async () => {} };
}

async function describe(place: Place): Promise<string> {
  const [row] = await ask<{ version: string; buffers: string; vacuum: string; commit: string }>(
    place.url,
    `SELECT current_setting('server_version') AS version, current_setting('shared_buffers') AS buffers,
            current_setting('autovacuum') AS vacuum, current_setting('synchronous_commit') AS commit`,
  );
  const where = place.pid === null ? 'DATABASE_URL' : 'embedded';
  return (
    `PostgreSQL ${row?.version ?? '?'} (${where}), shared_buffers ${row?.buffers ?? '?'}, ` +
    `synchronous_commit ${row?.commit ?? '?'}, autovacuum ${row?.vacuum ?? '?'} while measuring`
  );
}

async function ask<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
