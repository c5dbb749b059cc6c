import { type Command, runMeasured } from './child.ts';
import type { Org } from './org.ts';
import type { Server } from './server.ts';
import type { StepTime } from './step-times.ts';

/** One scenario, once. CPU and memory are null where the system does not tell. */
export interface Sample {
  readonly scenario: string;
  readonly round: number;
  readonly seconds: number;
  /** Of the measured program. */
  readonly clientCpu: number | null;
  readonly serverCpu: number | null;
  readonly orgCpu: number | null;
  readonly peakRssBytes: number | null;
  readonly walBytes: number | null;
  /** By step, where the program is a run of which they are asked; else empty. */
  readonly steps: readonly StepTime[];
}

export interface MeasureDeps {
  readonly server: Server;
  readonly org: Org;
  readonly record: (sample: Sample) => void;
}

export interface Scenario {
  readonly name: string;
  readonly round: number;
  readonly database: string;
  readonly command: Command;
  /** Its time by its own clock, where only a part of it is to be counted. */
  readonly secondsOf?: (stdout: string) => number;
  readonly stepsOf?: (stdout: string) => readonly StepTime[];
}

/** Brings the database to rest, runs the program, and records what it cost everybody. @returns its output */
export async function measure(scenario: Scenario, { server, org, record }: MeasureDeps): Promise<string> {
  await server.settle(scenario.database);
  const before = { wal: await server.walBytes(), server: server.cpuSeconds(), org: await org.cpuSeconds() };
  const ran = await runMeasured(scenario.command);
  const after = { wal: await server.walBytes(), server: server.cpuSeconds(), org: await org.cpuSeconds() };
  record({
    scenario: scenario.name,
    round: scenario.round,
    seconds: scenario.secondsOf?.(ran.stdout) ?? ran.seconds,
    clientCpu: ran.cpuSeconds,
    serverCpu: before.server === null || after.server === null ? null : after.server - before.server,
    orgCpu: after.org - before.org,
    peakRssBytes: ran.peakRssBytes,
    walBytes: after.wal - before.wal,
    steps: scenario.stepsOf?.(ran.stdout) ?? [],
  });
  return ran.stdout;
}
