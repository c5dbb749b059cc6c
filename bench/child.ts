import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endedChildrenCpu } from './machine.ts';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Written to its standard input. */
  readonly input?: string;
  /** Exit codes that are not a failure of the benchmark; 0 unless told. */
  readonly mayExit?: readonly number[];
}

export interface Ran {
  readonly seconds: number;
  /** CPU seconds of the process and its children; null where the system does not tell. */
  readonly cpuSeconds: number | null;
  /** Peak memory of the biggest Node.js process; null for another program. */
  readonly peakRssBytes: number | null;
  readonly stdout: string;
}

const PROBE = new URL('probe.js', import.meta.url).href;

/**
 * Runs a program to its end and measures it. One at a time: CPU is told by the system for all children together.
 * @throws Error with the end of its output when it fails
 */
export async function runMeasured(command: Command): Promise<Ran> {
  const probes = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const cpuBefore = endedChildrenCpu();
  const start = performance.now();
  try {
    const { status, stdout, stderr } = await run(command, probes);
    const seconds = (performance.now() - start) / 1000;
    if (!(command.mayExit ?? [0]).includes(status)) throw failed(command, status, stdout, stderr);
    const cpuAfter = endedChildrenCpu();
    return {
      seconds,
      cpuSeconds: cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore,
      peakRssBytes: peakIn(probes),
      stdout,
    };
  } finally {
    rmSync(probes, { recursive: true, force: true });
  }
}

async function run(command: Command, probes: string): Promise<{ status: number; stdout: string; stderr: string }> {
  const child = spawn(command.program, command.args, {
    cwd: command.cwd,
    env: { ...process.env, NODE_OPTIONS: `--import=${PROBE}`, SLUICE_BENCH_PROBE: probes, ...command.env },
    stdio: 'pipe',
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  child.stdin.end(command.input ?? '');
  const status = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? -1));
  });
  return { status, ...output };
}

function peakIn(folder: string): number | null {
  const peaks = readdirSync(folder).map((file) => {
    const { peakRssBytes } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { peakRssBytes: number };
    return peakRssBytes;
  });
  return peaks.length === 0 ? null : Math.max(...peaks);
}

function failed(command: Command, status: number, stdout: string, stderr: string): Error {
  const end = [stdout, stderr].map((text) => text.trim().slice(-2000)).join('\n');
  return new Error(`${command.program} ${command.args.join(' ')} ended with ${status}\n${end}`);
}
