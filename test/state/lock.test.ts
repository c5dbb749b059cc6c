import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acquireRunLock } from '../../src/state/lock.ts';
import { prepareState } from '../../src/state/prepare-state.ts';
import { startRun } from '../../src/state/runs.ts';
import { SyncError } from '../../src/errors/sync-error.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  await prepareState(test.database);
});

afterAll(() => test.drop());

async function refusal(project: string): Promise<SyncError> {
  const error: unknown = await acquireRunLock(test.database, project).catch((thrown: unknown) => thrown);
  if (!(error instanceof SyncError)) throw new Error('the lock was not refused');
  return error;
}

async function canRun(project: string): Promise<boolean> {
  const lock = await acquireRunLock(test.database, project).catch(() => null);
  await lock?.release();
  return lock !== null;
}

describe('the run lock', () => {
  it('lets one run of a project work at a time, and says who holds it', async () => {
    const lock = await acquireRunLock(test.database, 'school-data');
    const id = randomUUID();
    await startRun(test.database, { id, project: 'school-data', command: 'run', host: 'box', pid: 42, options: {} });

    const error = await refusal('school-data');

    expect(error.code).toBe('RUN_LOCKED');
    expect(error.message).toMatch(new RegExp(`^Run ${id} \\(run\\) is at work as process 42 on box since 20.+Z\\.$`));
    expect(error.details).toMatchObject({ run_id: id, host: 'box', pid: 42, command: 'run' });
    await lock.release();
  });

  it('says so too when the other run has not written anything yet', async () => {
    const lock = await acquireRunLock(test.database, 'young');

    expect((await refusal('young')).message).toMatch(/^Another run of this project is at work/);
    await lock.release();
  });

  it('does not take an old run that died for the holder', async () => {
    await startRun(test.database, {
      id: randomUUID(),
      project: 'old',
      command: 'run',
      host: 'box',
      pid: 1,
      options: {},
    });
    const lock = await acquireRunLock(test.database, 'old');

    expect((await refusal('old')).details).toMatchObject({ run_id: null });
    await lock.release();
  });

  it('is free again once it is released', async () => {
    await (await acquireRunLock(test.database, 'school-data')).release();

    expect(await canRun('school-data')).toBe(true);
  });

  it('does not keep another project out', async () => {
    const lock = await acquireRunLock(test.database, 'one');

    expect(await canRun('two')).toBe(true);
    expect(await canRun('one')).toBe(false);
    await lock.release();
  });

  it('tells its holder when it is lost with the connection', async () => {
    const lock = await acquireRunLock(test.database, 'school-data');
    const lost = new Promise((resolve) => lock.lost.addEventListener('abort', resolve));

    await test.database.query(`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
    await lost;

    expect(await canRun('school-data')).toBe(true);
    await lock.release();
  });
});
