import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseDatabaseUrl } from '../../src/database/connection-settings.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import { SyncError } from '../../src/errors/sync-error.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase('app');
});

afterAll(() => test.drop());

async function refusal(url: string): Promise<SyncError> {
  const error: unknown = await openDatabase({ url, schema: 'public' }).catch((thrown: unknown) => thrown);
  if (error instanceof SyncError) return error;
  throw new Error('the database was opened');
}

/** A server that answers as told. */
async function fakeServer(answer: (socket: Socket) => void): Promise<{ url: string; server: Server }> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `postgres://u:secret-word@127.0.0.1:${port}/d`, server };
}

describe('opening a database', () => {
  it('tells its version and prepares each connection', async () => {
    const { rows } = await test.database.query(`SELECT current_setting('search_path') AS path,
      current_setting('random_page_cost') AS cost, current_setting('TimeZone') AS zone,
      current_setting('application_name') AS application`);

    expect(test.database.serverVersion).toBeGreaterThanOrEqual(13);
    expect(rows).toEqual([{ path: 'app, public', cost: '1.1', zone: 'UTC', application: 'sluice' }]);
  });

  it('lets no connection end for idling: the lock of a run does nothing else, and a transaction may wait for the org', async () => {
    const names = ['idle_in_transaction_session_timeout', 'idle_session_timeout', 'statement_timeout'];
    const database = new URL(test.url).pathname.slice(1);
    for (const name of names) await test.database.query(`ALTER DATABASE ${database} SET ${name} = '7s'`);
    const opened = await openDatabase({ url: test.url, schema: 'app' });
    const lock = await opened.session();

    for (const connection of [opened, lock]) {
      const { rows } = await connection.query('SELECT setting FROM pg_settings WHERE name = ANY ($1)', [names]);
      expect(rows).toEqual(names.map(() => ({ setting: '0' })));
    }

    await lock.close();
    await opened.close();
  });

  it('has the server look within a minute whether anybody is still there, as after a power cut: a lock ends with it', async () => {
    const { rows } = await test.database.query<{ idle: number; all: number }>(
      `SELECT current_setting('tcp_keepalives_idle')::int AS idle, current_setting('tcp_keepalives_idle')::int
         + current_setting('tcp_keepalives_interval')::int * current_setting('tcp_keepalives_count')::int AS all`,
    );

    expect(rows).toEqual([{ idle: 30, all: 60 }]);
  });

  it('fails when the password is wrong', async () => {
    const url = new URL(test.url);
    url.password = 'wrong';

    expect(await refusal(url.href)).toMatchObject({ code: 'DATABASE_AUTH_FAILED' });
  });

  it('fails when there is no such database', async () => {
    const url = new URL(test.url);
    url.pathname = '/nowhere';

    expect(await refusal(url.href)).toMatchObject({ code: 'DATABASE_AUTH_FAILED' });
  });

  it('fails when nobody listens', async () => {
    const { url, server } = await fakeServer(() => {});
    await new Promise((resolve) => server.close(resolve));

    expect(await refusal(url)).toMatchObject({ code: 'DATABASE_UNREACHABLE' });
  });

  it('fails when there is no such host', async () => {
    expect(await refusal('postgres://u@no-such-host.invalid/d')).toMatchObject({ code: 'DATABASE_UNREACHABLE' });
  });

  it('fails when something else answers', async () => {
    const { url, server } = await fakeServer((socket) => socket.destroy());

    expect(await refusal(url)).toMatchObject({ code: 'DATABASE_LOST' });
    server.close();
  });

  it('fails when the server is too old', async () => {
    const { url, server } = await fakeServer((socket) => {
      socket.write(Buffer.concat([message('R', int(0)), message('S', text('server_version', '12.9')), READY]));
      socket.on('data', () => socket.write(versionRow('12')));
    });

    expect(await refusal(url)).toMatchObject({
      code: 'DATABASE_UNSUPPORTED',
      message: 'The server is PostgreSQL 12.',
    });
    server.close();
  });

  it('never repeats the password', async () => {
    const { url, server } = await fakeServer((socket) => socket.destroy());
    const errors = [await refusal(url), await refusal('mysql://u:secret-word@h/d'), await refusal('secret-word')];

    for (const error of errors) {
      expect(`${String(error)} ${JSON.stringify(error)} ${error.stack} ${String(error.cause)}`).not.toContain('secret');
    }
    server.close();
  });
});

describe('a database URL', () => {
  it('is taken apart', () => {
    expect(parseDatabaseUrl('postgres://ada:p%40ss@db.example.org:6432/school?sslmode=verify-full')).toEqual({
      host: 'db.example.org',
      port: 6432,
      database: 'school',
      user: 'ada',
      password: 'p@ss',
      ssl: { rejectUnauthorized: true },
    });
  });

  it('may leave out what has a usual value', () => {
    expect(parseDatabaseUrl('postgresql://ada@localhost')).toEqual({
      host: 'localhost',
      port: 5432,
      database: 'ada',
      user: 'ada',
      password: null,
      ssl: false,
    });
  });

  it('may name the folder of a Unix socket', () => {
    expect(parseDatabaseUrl('postgres://ada@/school?host=/var/run/postgresql')).toMatchObject({
      host: '/var/run/postgresql',
      database: 'school',
    });
  });

  it.each(['', 'school', 'mysql://h/d', 'postgres://h/d?sslmode=perhaps'])('is refused when it is "%s"', (url) => {
    expect(() => parseDatabaseUrl(url)).toThrow(expect.objectContaining({ code: 'USAGE_INVALID' }));
  });
});

// Just enough of PostgreSQL's protocol to claim a version.
function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int(body.length + 4), body]);
}

function int(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function short(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

function text(...words: readonly string[]): Buffer {
  return Buffer.from(words.map((word) => `${word}\0`).join(''));
}

const READY = message('Z', Buffer.from('I'));

function versionRow(version: string): Buffer {
  const field = Buffer.concat([text('version'), int(0), short(0), int(23), short(4), int(-1), short(0)]);
  return Buffer.concat([
    message('T', Buffer.concat([short(1), field])),
    message('D', Buffer.concat([short(1), int(version.length), Buffer.from(version)])),
    message('C', text('SELECT 1')),
    READY,
  ]);
}
