import type { ClientConfig } from 'pg';
import { SyncError } from '../errors/sync-error.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import { toSyncError } from './database-error.ts';
import type { Session } from './database.ts';
import { type OnQuery, runQuery } from './run-query.ts';

export interface SessionOptions {
  readonly applicationName: string;
  /** SQL that every connection runs first. */
  readonly setUp: string;
  readonly connectTimeoutMs: number;
  readonly onQuery: OnQuery | undefined;
}

const KEEP_ALIVE_MS = 30_000;

/** Opens a connection beside the pool, which gives its connections away and closes idle ones. */
export async function openSession(settings: ConnectionSettings, options: SessionOptions): Promise<Session> {
  const { default: pg } = await import('pg');
  const client = new pg.Client(clientConfig(settings, options));
  const lost = new AbortController();
  let closing = false;
  const noticeLoss = (): void => {
    if (!closing) lost.abort(new SyncError('DATABASE_LOST', 'The session to the database was lost.'));
  };
  client.on('error', noticeLoss);
  client.on('end', noticeLoss);
  try {
    await client.connect();
    await client.query(options.setUp);
  } catch (error) {
    closing = true;
    await client.end().catch(() => {});
    throw toSyncError(error);
  }
  return {
    lost: lost.signal,
    query: (sql, values) => runQuery(client, { sql, values }, options.onQuery),
    async close() {
      closing = true;
      await client.end();
    },
  };
}

function clientConfig(settings: ConnectionSettings, options: SessionOptions): ClientConfig {
  return {
    host: settings.host,
    port: settings.port,
    database: settings.database,
    user: settings.user,
    ...(settings.password === null ? {} : { password: settings.password }),
    ssl: settings.ssl,
    application_name: options.applicationName,
    keepAlive: true,
    // It idles: whether the server is still there, nothing else would tell.
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    connectionTimeoutMillis: options.connectTimeoutMs,
  };
}
