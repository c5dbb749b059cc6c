import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const root = resolve(import.meta.dirname, '../..');

describe('the benchmark', () => {
  let target: TestDatabase;
  beforeAll(async () => {
    target = await createTestDatabase();
  });
  afterAll(() => target.drop());

  it('runs to its end, and has a figure for every goal', async () => {
    const file = join(scratchFolder(), 'results.json');
    const few = ['--students', '300', '--rounds', '1', '--sample', '20', '--large', '--json', file];

    await promisify(execFile)(process.execPath, ['bench/main.ts', ...few], {
      cwd: root,
      env: { ...process.env, DATABASE_URL: target.url },
    });

    const { goals } = JSON.parse(readFileSync(file, 'utf8')) as { goals: { goal: string; measured: number | null }[] };
    // Only Linux tells a process's peak memory.
    const told = goals.filter(({ goal }) => process.platform === 'linux' || !goal.includes('memory'));
    expect(told.length).toBeGreaterThan(0);
    expect(told.filter(({ measured }) => measured === null)).toEqual([]);
  });
});
