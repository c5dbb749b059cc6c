import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from '@jest/globals';

let child: ChildProcessWithoutNullStreams;

function start(...args: readonly string[]): void {
  child = spawn(process.execPath, ['src/simulator/main.ts', ...args], { stdio: 'pipe' });
}

async function firstLine(): Promise<{ url: string; credentials: Record<string, string> }> {
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return JSON.parse(line) as { url: string; credentials: Record<string, string> };
}

/** The five youngest. */
async function people(url: string): Promise<unknown> {
  const soql = 'SELECT FIELDS(STANDARD) FROM Contact ORDER BY CreatedDate DESC LIMIT 5';
  return (await fetch(`${url}/simulator/query?deleted=true&q=${encodeURIComponent(soql)}`)).json();
}

afterEach(() => {
  child.kill('SIGKILL');
});

describe('the org as a process of its own', () => {
  it('tells where it listens and how to sign in, and ends on SIGTERM', async () => {
    start('--students', '100', '--jwt');
    const { url, credentials } = await firstLine();
    const usage = (await (await fetch(`${url}/simulator/usage`)).json()) as Record<string, number>;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');

    expect(credentials).toMatchObject({
      clientId: expect.any(String),
      privateKey: expect.stringContaining('PRIVATE KEY'),
    });
    expect(usage['cpu_ms']).toBeGreaterThan(0);
    expect(await ended).toEqual([0, null]);
  });

  it('ends when the process that started it is gone', async () => {
    start('--students', '10');
    await firstLine();
    const ended = once(child, 'exit');
    child.stdin.end();

    expect(await ended).toEqual([0, null]);
  });

  it('has the same records again after kill -9, and what was changed too when it keeps that', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'sluice-org-'));
    const args = ['--students', '10', '--seed', '3', '--keep', path.join(folder, 'changes.jsonl')];
    start(...args);
    const first = (await firstLine()).url;
    const change = { kind: 'insert', object: 'Contact', values: { LastName: 'Kept' } };
    await fetch(`${first}/simulator/changes`, { method: 'POST', body: JSON.stringify(change) });
    const before = await people(first);
    const killed = once(child, 'exit');
    child.kill('SIGKILL');
    await killed;
    start(...args);
    const after = await people((await firstLine()).url);
    rmSync(folder, { recursive: true });

    expect(after).toEqual(before);
    expect(after).toMatchObject({ records: [{ LastName: 'Kept' }, {}, {}, {}, {}] });
  });

  it('refuses what is no number', async () => {
    start('--students', 'many');

    expect(await once(child, 'exit')).toEqual([1, null]);
  });
});
