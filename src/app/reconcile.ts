import { randomUUID } from 'node:crypto';
import type { App } from '../app.ts';
import { importIdentity } from '../config/import-identity.ts';
import type { Mapping } from '../config/mapping.ts';
import type { RunReport } from '../flow/run-events.ts';
import { EVERYTHING, type RunCall } from '../flow/run-request.ts';
import { planRun } from '../plan/plan-run.ts';
import { type CompareDeps, compareMapping } from '../reconcile/compare-mapping.ts';
import { prepareRepair, type Repair } from '../reconcile/repair.ts';
import { differs, type MappingComparison, type MissingRows, type ValueDifference } from '../reconcile/report.ts';
import { missingRows, valueDifferences } from '../reconcile/values.ts';
import { refuseOtherImports } from '../state/hold-imports.ts';
import { refuseOtherOrg } from '../state/org.ts';
import { readUpTo } from '../state/read-up-to.ts';
import { functionsOf } from './plugin-shelf.ts';

export interface ReconcileRequest {
  /** As for a run; empty for all mappings that read from the org. */
  readonly select: readonly string[];
  /** Compares also what stands in the rows. */
  readonly values: boolean;
  /** Reads again what differs, and notices what is gone. */
  readonly fix: boolean;
  /** Records of each kind that are named at most; null for all. */
  readonly listed: number | null;
  readonly onMapping: (comparison: MappingComparison) => void;
  readonly onEvent: RunCall['onEvent'];
}

export interface Reconciled {
  readonly mappings: readonly MappingComparison[];
  /** Null where they were not asked for. */
  readonly values: ValuesCompared | null;
  readonly repair: Repaired | null;
}

export interface Repaired {
  readonly repairs: readonly Repair[];
  readonly runs: readonly RunReport[];
  /** The mappings that differed, compared once more. */
  readonly after: readonly MappingComparison[];
}

export interface ValuesCompared {
  readonly differences: readonly ValueDifference[];
  readonly missing_rows: readonly MissingRows[];
  /** A preview that did not come to its end: then this is not everything. Null when all did. */
  readonly failed: RunReport | null;
}

type ReconcileApp = Pick<App, 'project' | 'plugins' | 'log' | 'signal' | 'state' | 'salesforce' | 'run'>;

/**
 * Compares the org with what is here, one mapping after the other; then, where asked for, what stands in the rows, and
 * mends what differs.
 * @throws SyncError as soon as the org or the database does
 */
export async function reconcileProject(app: ReconcileApp, request: ReconcileRequest): Promise<Reconciled> {
  const { project, log, signal } = app;
  const mappings = mappingsOf(app, request);
  const database = await app.state();
  const salesforce = await app.salesforce();
  await refuseOtherOrg(database, project.name, salesforce.identity);
  const { schema } = project.database;
  await refuseOtherImports(database, { project: project.name, schema, imports: mappings.map(importIdentity) });
  const functions = await functionsOf(app.plugins, (fault) => {
    log.warn({ rule: fault.function, file: fault.file, what: fault.what }, 'a plugin failed');
  });
  const repairs: Repair[] = [];
  const runId = randomUUID();
  const deps: CompareDeps = {
    database,
    salesforce,
    tables: project.tables,
    functions,
    log,
    signal,
    now: () => new Date(),
    listed: request.listed,
    ...(request.fix
      ? { act: async (tx, found) => void repairs.push(await prepareRepair(tx, { ...found, runId })) }
      : {}),
  };
  const comparisons: MappingComparison[] = [];
  for (const mapping of mappings) {
    const comparison = await compareMapping(mapping, deps);
    comparisons.push(comparison);
    request.onMapping(comparison);
  }
  const values = request.values ? await compareValues(app, mappings, request) : null;
  if (!request.fix) return { mappings: comparisons, values, repair: null };
  const runs = await mend(app, repairs, { comparisons, values }, request);
  const wrong = new Set(comparisons.filter(differs).map(({ mapping }) => mapping));
  const after: MappingComparison[] = [];
  const { act: _, ...looking } = deps;
  for (const mapping of mappings) if (wrong.has(mapping.name)) after.push(await compareMapping(mapping, looking));
  return { mappings: comparisons, values, repair: { repairs, runs, after } };
}

/** Those that read from the org, in the order in which a run would take them. */
function mappingsOf({ project }: ReconcileApp, { select }: ReconcileRequest): readonly Mapping[] {
  const { steps } = planRun(project, { select, exclude: [], phase: null });
  return [...new Set(steps.map(({ mapping }) => mapping))].filter(({ source }) => source.file === null);
}

/**
 * Previews for each mapping what a full refresh would change. What was changed in the org since it was read last is not
 * looked at: that is no difference, but the next run's work.
 */
async function compareValues(
  app: ReconcileApp,
  mappings: readonly Mapping[],
  { onEvent }: ReconcileRequest,
): Promise<ValuesCompared> {
  const database = await app.state();
  const previews: RunReport[] = [];
  for (const mapping of mappings) {
    const upTo = await readUpTo(database, mapping);
    const until = upTo.endsWith('infinity') ? null : upTo;
    const request = { ...EVERYTHING, select: [mapping.name], fullRefresh: true, until };
    previews.push(await app.run({ kind: 'plan', request, onEvent }));
  }
  return {
    differences: previews.flatMap(valueDifferences).toSorted((a, b) => b.rows - a.rows),
    missing_rows: previews.flatMap(missingRows),
    failed: previews.find(({ status }) => status !== 'planned') ?? null,
  };
}

/** Runs what the differences call for: records by their ids, and everything where there are too many or values differ. */
async function mend(
  app: ReconcileApp,
  repairs: readonly Repair[],
  found: { readonly comparisons: readonly MappingComparison[]; readonly values: ValuesCompared | null },
  { onEvent }: ReconcileRequest,
): Promise<readonly RunReport[]> {
  const known = new Set(repairs.map(({ mapping }) => mapping));
  const whole = new Set([
    ...repairs.filter(({ everything }) => everything).map(({ mapping }) => mapping),
    // Of a mapping that has never run, everything is missing.
    ...found.comparisons.filter((one) => differs(one) && !known.has(one.mapping)).map(({ mapping }) => mapping),
    ...(found.values?.differences.map(({ mapping }) => mapping) ?? []),
    ...(found.values?.missing_rows.map(({ mapping }) => mapping) ?? []),
  ]);
  const some = repairs.filter(({ mapping, ids, noticed }) => !whole.has(mapping) && ids.length + noticed > 0);
  const runs: RunReport[] = [];
  if (whole.size > 0) {
    const request = { ...EVERYTHING, select: [...whole], fullRefresh: true };
    runs.push(await app.run({ kind: 'run', command: 'reconcile', request, onEvent }));
  }
  if (some.length > 0) {
    const byMapping = new Map(some.map(({ mapping, ids }) => [mapping, ids]));
    const request = { ...EVERYTHING, select: [...byMapping.keys()], only: { kind: 'ids' as const, byMapping } };
    runs.push(await app.run({ kind: 'run', command: 'reconcile', request, onEvent }));
  }
  return runs;
}
