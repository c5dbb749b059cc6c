import type { Client } from 'pg';
import type { Sequelize } from 'sequelize';
import { SyncError } from '../errors/sync-error.ts';
import { type ConnectionSettings, parseDatabaseUrl } from './connection-settings.ts';
import { toSyncError, withoutValues } from './database-error.ts';
import type { Database, Queryable } from './database.ts';
import { quoteName } from './quote.ts';
import { type OnQuery, runQuery } from './run-query.ts';
import { openSession } from './session.ts';
import { isLost, runTransaction } from './transaction.ts';

export interface OpenOptions {
  /** A PostgreSQL URL. */
  readonly url: string;
  /** Schema of the target tables; first in the search path. */
  readonly schema: string;
  /** Default 4; sessions come on top. */
  readonly maxConnections?: number;
  /** What an administrator sees in pg_stat_activity. */
  readonly applicationName?: string;
  readonly onQuery?: OnQuery;
}

const OLDEST_SERVER = 13;
/**
 * Missing from Sequelize's types. Without the version Sequelize opens one more connection, only to ask for it; without
 * the other one it loads all time zones that there are, only to set the one that every connection of ours is given.
 */
const ASKS_NOTHING = { databaseVersion: `${OLDEST_SERVER}.0.0`, keepDefaultTimezone: true };
const CONNECT_TIMEOUT_MS = 10_000;
const ACQUIRE_TIMEOUT_MS = 10 * 60_000;

/**
 * Connects, so that a wrong address or password shows here and not in the middle of a run.
 * @throws SyncError DATABASE_UNREACHABLE, DATABASE_AUTH_FAILED, DATABASE_UNSUPPORTED, USAGE_INVALID
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const settings = parseDatabaseUrl(options.url);
  const sequelize = await openSequelize(settings, options);
  const pool = poolOf(sequelize, options);
  try {
    const serverVersion = await serverVersionOf(pool);
    return {
      serverVersion,
      schema: options.schema,
      sequelize,
      query: (sql, values) => pool.query(sql, values),
      transaction: (work) => runTransaction(sequelize, work, { pool, onQuery: options.onQuery }),
      session: () =>
        openSession(settings, {
          applicationName: applicationName(options),
          setUp: setUpSql(options),
          connectTimeoutMs: CONNECT_TIMEOUT_MS,
          onQuery: options.onQuery,
        }),
      close: () => sequelize.close(),
    };
  } catch (error) {
    await sequelize.close();
    throw toSyncError(error);
  }
}

async function openSequelize(settings: ConnectionSettings, options: OpenOptions): Promise<Sequelize> {
  // Loaded here and not above: it takes a third of a second, which `sluice --help` must not pay.
  const { Sequelize: SequelizeClass } = await import('sequelize');
  const setUp = setUpSql(options);
  return new SequelizeClass({
    dialect: 'postgres',
    host: settings.host,
    port: settings.port,
    database: settings.database,
    username: settings.user,
    ...(settings.password === null ? {} : { password: settings.password }),
    ...ASKS_NOTHING,
    logging: false,
    define: { freezeTableName: true, timestamps: false, schema: options.schema },
    pool: { max: options.maxConnections ?? 4, min: 0, idle: 60_000, acquire: ACQUIRE_TIMEOUT_MS },
    dialectOptions: {
      ssl: settings.ssl,
      application_name: applicationName(options),
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      // Set below, with all else.
      clientMinMessages: 'ignore',
    },
    hooks: {
      afterConnect: async (connection) => {
        await driverClient(connection).query(setUp);
      },
    },
  });
}

/**
 * Sent once for each connection, and not as start-up options, which poolers such as PgBouncer refuse.
 * random_page_cost: with the default of 4 the planner reads a whole target table for each batch.
 * jit: compiling a statement costs more than a batch takes.
 * Limits on idling: the run's lock idles as long as the run lasts, and a plan or a comparison of ids waits for the org
 * within a transaction.
 * Keepalives: a machine that has lost its power says no word, and its lock must not hold for the usual two hours.
 */
function setUpSql({ schema }: OpenOptions): string {
  const path = schema === 'public' ? 'public' : `${quoteName(schema)}, public`;
  return [
    `SET search_path = ${path}`,
    'SET standard_conforming_strings = on',
    'SET random_page_cost = 1.1',
    'SET jit = off',
    'SET statement_timeout = 0',
    'SET idle_in_transaction_session_timeout = 0',
    // Not every server knows these.
    `SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN ('idle_session_timeout', 'transaction_timeout')`,
    'SET tcp_keepalives_idle = 30',
    'SET tcp_keepalives_interval = 10',
    'SET tcp_keepalives_count = 3',
    `SET TimeZone = 'UTC'`,
    `SET DateStyle = 'ISO'`,
    `SET IntervalStyle = 'postgres'`,
    'SET client_min_messages = warning',
  ].join('; ');
}

function applicationName({ applicationName: name }: OpenOptions): string {
  return name ?? 'sluice';
}

function poolOf(sequelize: Sequelize, { onQuery }: OpenOptions): Queryable {
  return {
    async query(sql, values) {
      const client = await acquired(sequelize);
      try {
        return await runQuery(client, { sql, values }, onQuery);
      } finally {
        // A connection that broke has left the pool already; giving it back again would throw.
        if (!isLost(client)) sequelize.connectionManager.releaseConnection(client);
      }
    },
  };
}

async function acquired(sequelize: Sequelize): Promise<Client> {
  try {
    return driverClient(await sequelize.connectionManager.getConnection({ type: 'write' }));
  } catch (error) {
    throw withoutValues(error);
  }
}

/** Sequelize does not say that its connections are those of the driver. */
function driverClient(connection: unknown): Client {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the dialect is PostgreSQL
  return connection as Client;
}

async function serverVersionOf(pool: Queryable): Promise<number> {
  const { rows } = await pool.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int / 10000 AS version`,
  );
  const version = rows[0]?.version ?? 0;
  if (version < OLDEST_SERVER) {
    throw new SyncError('DATABASE_UNSUPPORTED', `The server is PostgreSQL ${version}.`);
  }
  return version;
}
