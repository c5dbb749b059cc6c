import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startEmbedded, stopEmbedded } from '../../../src/database/embedded/start-embedded.ts';
import { openDatabase } from '../../../src/database/open-database.ts';

jest.setTimeout(60_000);

const TOOL = fileURLToPath(new URL('tool.ts', import.meta.url));
const QUICK = { fsync: 'off', shared_buffers: '16MB' };
/** A folder with data, made once, because making it takes most of a second. */
let used: string;
let folder: string;

beforeAll(async () => {
  used = mkdtempSync(join(tmpdir(), 'sluice-embedded-'));
  await (await startEmbedded({ folder: used, settings: QUICK })).release();
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-embedded-'));
  cpSync(used, folder, { recursive: true });
  // A copy has the rights that new folders get, and PostgreSQL refuses data that others may read.
  chmodSync(join(folder, 'postgres'), 0o700);
});

afterAll(() => rmSync(used, { recursive: true }));

afterEach(async () => {
  await stopEmbedded(folder);
  rmSync(folder, { recursive: true, force: true });
});

interface Tool {
  readonly url: string;
  /** Lets it release the server and end. */
  leave(): Promise<void>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Starts the tool as a process of its own and waits until it has its server. */
async function tool(): Promise<Tool> {
  const child = spawn(process.execPath, [TOOL, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  return {
    url: await firstLine(child),
    leave: () => {
      child.stdin.end();
      return ended(child);
    },
    kill: (signal) => {
      child.kill(signal);
      return ended(child);
    },
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (text: Buffer) => resolve(text.toString().trim()));
    child.once('exit', (code) => reject(new Error(`the tool ended with ${code}`)));
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
}

async function ask<T>(url: string, sql: string): Promise<T | undefined> {
  const database = await openDatabase({ url, schema: 'public' });
  try {
    const { rows } = await database.query<{ answer: T }>(sql);
    return rows[0]?.answer;
  } finally {
    await database.close();
  }
}

function emptyFolder(): void {
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
}

function isRunning(): boolean {
  return existsSync(join(folder, 'postgres', 'postmaster.pid'));
}

describe('the embedded server', () => {
  it('starts in an empty folder and stops when its only user leaves', async () => {
    emptyFolder();
    const embedded = await startEmbedded({ folder, settings: QUICK });

    expect(await ask(embedded.url, 'SELECT 1 AS answer')).toBe(1);
    expect(embedded.version).toMatch(/^\d+\.\d+$/);

    await embedded.release();
    expect(isRunning()).toBe(false);
  });

  it('keeps its data for the next time', async () => {
    const first = await startEmbedded({ folder, settings: QUICK });
    await ask(first.url, `CREATE TABLE kept AS SELECT 'here' AS answer`);
    await first.release();

    const second = await startEmbedded({ folder, settings: QUICK });

    expect(await ask(second.url, 'SELECT answer FROM kept')).toBe('here');
    await second.release();
  });

  it('may be released twice', async () => {
    const embedded = await startEmbedded({ folder, settings: QUICK });

    await embedded.release();
    await embedded.release();

    expect(isRunning()).toBe(false);
  });

  it('is shared, and stopped by the last one out', async () => {
    const one = await tool();
    const two = await tool();

    expect(two.url).toBe(one.url);
    await one.leave();
    expect(await ask(two.url, 'SELECT 1 AS answer')).toBe(1);
    await two.leave();
    expect(isRunning()).toBe(false);
  });

  it('is made and started once when several tools come at the same time', async () => {
    emptyFolder();
    const tools = await Promise.all([tool(), tool(), tool()]);

    expect(new Set(tools.map(({ url }) => url)).size).toBe(1);
    await Promise.all(tools.map((each) => each.leave()));
    expect(isRunning()).toBe(false);
  });

  it('outlives a tool that is killed, and is taken over by the next one', async () => {
    const killed = await tool();
    await ask(killed.url, `CREATE TABLE kept AS SELECT 'here' AS answer`);
    await killed.kill('SIGKILL');
    expect(isRunning()).toBe(true);

    const next = await tool();

    expect(next.url).toBe(killed.url);
    expect(await ask(next.url, 'SELECT answer FROM kept')).toBe('here');
    await next.leave();
    expect(isRunning()).toBe(false);
  });

  it('comes up again after it was killed itself', async () => {
    const first = await startEmbedded({ folder, settings: QUICK });
    await ask(first.url, `CREATE TABLE kept AS SELECT 'here' AS answer`);
    process.kill(serverPid(), 'SIGKILL');

    const second = await startEmbedded({ folder, settings: QUICK });

    expect(await ask(second.url, 'SELECT answer FROM kept')).toBe('here');
    await second.release();
    await first.release();
  });

  it('does not take another program under its old number for itself', async () => {
    writeFileSync(join(folder, 'postgres', 'postmaster.pid'), `${process.pid}\n${folder}\n0\n1\n\n\n\nready\n`);

    const embedded = await startEmbedded({ folder, settings: QUICK });

    expect(await ask(embedded.url, 'SELECT 1 AS answer')).toBe(1);
    await embedded.release();
  });

  it('does not hear the Ctrl-C that is meant for the tool', async () => {
    const one = await tool();
    const { pid } = process;

    // The terminal sends it to a whole group; the server must not be in the group of whoever started it.
    const groups = [pid, serverPid()].map((process_) =>
      Number(readFileSync(`/proc/${process_}/stat`, 'utf8').split(') ')[1]?.split(' ')[2]),
    );
    expect(groups[1]).toBe(serverPid());
    expect(groups[1]).not.toBe(groups[0]);
    await one.leave();
  });

  it('begins again after a tool was killed while it made the data folder', async () => {
    emptyFolder();
    const child = spawn(process.execPath, [TOOL, folder], { stdio: ['pipe', 'ignore', 'inherit'] });
    await seen(() => readdirSync(folder).some((name) => name.startsWith('postgres.new-')));
    child.kill('SIGKILL');
    await ended(child);
    expect(existsSync(join(folder, 'postgres'))).toBe(false);

    const embedded = await startEmbedded({ folder, settings: QUICK });

    expect(await ask(embedded.url, 'SELECT 1 AS answer')).toBe(1);
    await embedded.release();
  });

  it('wants a password, which only the owner of the folder can read', async () => {
    const embedded = await startEmbedded({ folder, settings: QUICK });
    const url = new URL(embedded.url);
    url.password = 'guessed';

    await expect(openDatabase({ url: url.href, schema: 'public' })).rejects.toMatchObject({
      code: 'DATABASE_AUTH_FAILED',
    });
    expect(statSync(join(folder, 'postgres-password')).mode & 0o077).toBe(0);
    await embedded.release();
  });

  it('writes nothing that a statement holds into its log', async () => {
    const embedded = await startEmbedded({ folder, settings: QUICK });
    const database = await openDatabase({ url: embedded.url, schema: 'public' });
    await database.query('CREATE TABLE pupil (name varchar(3) UNIQUE)');
    for (const sql of [`SELECT 'CANARY'::int`, `INSERT INTO pupil VALUES ('CANARY')`, `SELECT nothing AS "CANARY"`]) {
      await database.query(sql).catch(() => {});
    }
    await database.query(`DO $$ BEGIN RAISE EXCEPTION 'CANARY'; END $$`).catch(() => {});
    await database.query(`DO $$ BEGIN RAISE WARNING 'CANARY'; END $$`);
    await database.close();
    await embedded.release();

    const log = readFileSync(join(folder, 'postgres.log'), 'utf8');
    expect(log).toContain('ready to accept connections');
    expect(log).not.toContain('CANARY');
  });

  it('says so when its data was made by another version', async () => {
    writeFileSync(join(folder, 'postgres', 'PG_VERSION'), '12\n');

    await expect(startEmbedded({ folder })).rejects.toMatchObject({
      code: 'EMBEDDED_FAILED',
      message: expect.stringContaining('PostgreSQL 12'),
    });
  });

  it('says what the server said when it does not start', async () => {
    await expect(startEmbedded({ folder, settings: { shared_buffers: 'much' } })).rejects.toMatchObject({
      code: 'EMBEDDED_FAILED',
      message: expect.stringContaining('shared_buffers'),
    });
    expect(isRunning()).toBe(false);
  });
});

function serverPid(): number {
  return Number(readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

async function seen(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
