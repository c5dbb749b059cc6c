import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withFolderLock } from '../../../src/database/embedded/folder-lock.ts';
import { isAlive, thisProcess } from '../../../src/database/embedded/process-identity.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-lock-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function lock<T>(work: () => Promise<T>, timeoutMs = 10_000): Promise<T> {
  return withFolderLock(folder, timeoutMs, work);
}

describe('the lock of a folder', () => {
  it('lets one at a time work', async () => {
    let inside = 0;
    let most = 0;

    await Promise.all(
      Array.from({ length: 8 }, () =>
        lock(async () => {
          inside += 1;
          most = Math.max(most, inside);
          await new Promise((resolve) => setImmediate(resolve));
          inside -= 1;
        }),
      ),
    );

    expect(most).toBe(1);
  });

  it('is free again when its work fails', async () => {
    await expect(lock(() => Promise.reject(new Error('no')))).rejects.toThrow('no');

    expect(await lock(() => Promise.resolve('next'))).toBe('next');
  });

  it('is not held by a process that has ended', async () => {
    writeFileSync(join(folder, '7'), JSON.stringify({ pid: 2 ** 22 + 1, started: '1' }));

    expect(await lock(() => Promise.resolve('mine'))).toBe('mine');
  });

  it('is not held by another process that got the number of the one that ended', async () => {
    writeFileSync(join(folder, '7'), JSON.stringify({ ...thisProcess(), started: 'long ago' }));

    expect(await lock(() => Promise.resolve('mine'))).toBe('mine');
  });

  it('gives up on one that holds it for too long', async () => {
    writeFileSync(join(folder, '7'), JSON.stringify(thisProcess()));

    await expect(lock(() => Promise.resolve(), 50)).rejects.toMatchObject({ code: 'EMBEDDED_FAILED' });
  });

  it('leaves a file or two behind, however often it was taken', async () => {
    for (let round = 0; round < 5; round += 1) await lock(() => Promise.resolve());

    expect(readdirSync(folder).toSorted()).toEqual(['5', '5.free']);
  });
});

describe('a process', () => {
  it('is alive as long as it runs', () => {
    expect(isAlive(thisProcess())).toBe(true);
    expect(isAlive({ pid: process.pid, started: 'another time' })).toBe(false);
    expect(isAlive({ pid: 2 ** 22 + 1, started: '' })).toBe(false);
  });
});
