import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
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

  it('refuses what is no number', async () => {
    start('--students', 'many');

    expect(await once(child, 'exit')).toEqual([1, null]);
  });
});
