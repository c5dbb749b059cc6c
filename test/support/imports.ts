import type { RunReport, StepReport } from '../../src/flow/run-events.ts';
import type { GivenValues } from '../../src/simulator/given-values.ts';
import type { Value } from '../../src/simulator/schema/object-schema.ts';
import { openRig, type Rig } from './rig.ts';

/** An org as small as one can be with all the dirt, and districts enough for every alias. */
export async function openImports(): Promise<Rig> {
  return openRig({ students: 400, schools: 48 });
}

/** Runs the imports that are named, or all of them. */
export async function runImports(
  rig: Rig,
  select: readonly string[] = [],
  more: { readonly fullRefresh?: boolean } = {},
): Promise<RunReport> {
  const report = await rig.run({ select: [...select], ...more });
  const failed = report.steps.filter(({ error }) => error !== null);
  if (failed.length > 0) throw new Error(JSON.stringify(failed.map(({ mapping, error }) => ({ mapping, error }))));
  return report;
}

/** The step that read; of a mapping with a later phase, not that one. */
export function importOf(report: RunReport, mapping: string): StepReport {
  const found = report.steps.find((step) => step.mapping === mapping);
  if (found === undefined) throw new Error(`no step of ${mapping}`);
  return found;
}

/** How many records of the org are so. */
export function inOrg(rig: Rig, object: string, test: (field: (name: string) => Value) => boolean): number {
  return rig.org.records.find(object, test).length;
}

/** The first record that is so. */
export function firstInOrg(rig: Rig, object: string, test: (field: (name: string) => Value) => boolean): string {
  const [id] = rig.org.records.find(object, test, 1);
  if (id === undefined) throw new Error(`no ${object} is so`);
  return id;
}

/** A record that a test adds to the org; its id. */
export function add(rig: Rig, object: string, values: GivenValues): string {
  return rig.org.records.insert(object, values);
}

/** Volunteers that are here. */
export async function volunteerIds(rig: Rig, count: number): Promise<string[]> {
  return rig.column(
    `SELECT salesforce_individual_id FROM contact WHERE type = 'volunteer' AND first_name <> '' ORDER BY 1 DESC LIMIT ${count}`,
  );
}
