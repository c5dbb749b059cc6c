import type { Mapping } from '../config/mapping.ts';
import { SyncError } from '../errors/sync-error.ts';
import { estimateReading } from '../extract/extract.ts';
import type { RunRequest } from '../flow/run-request.ts';
import type { Step } from '../plan/step.ts';
import { knownMappingId } from '../state/mappings.ts';
import { knowsRecords } from '../state/records.ts';
import { costKey, type StepCost, stepCosts } from '../state/step-costs.ts';
import { findUnfinishedReading } from '../state/unfinished-jobs.ts';
import { findWatermark } from '../state/watermarks.ts';
import { chooseReadings, type Reading } from './choose-reading.ts';
import type { CommitScope } from './commit-scope.ts';
import type { Org } from './step-deps.ts';

export interface EstimateDeps {
  readonly scope: CommitScope;
  readonly request: RunRequest;
  readonly signal: AbortSignal;
}

/** Below this many calls for each step, nothing is asked beforehand: what is left is for reading. */
const CALLS_TO_ASK = 2;

/**
 * What the steps will cost, by what each has to read and what it took last time.
 * @returns by the name of a mapping: API calls, those that were made here not among them; what COUNT() said, and of how
 *   many records that reading, or the job that is gone on with, is
 */
export async function estimateSteps(
  steps: readonly Step[],
  org: Org,
  deps: EstimateDeps,
): Promise<{
  readonly counted: ReadonlyMap<string, number>;
  readonly records: ReadonlyMap<string, number>;
  readonly costs: ReadonlyMap<string, number>;
}> {
  const earlier = await stepCosts(deps.scope);
  const { left } = org.usage();
  const mayCount = left === null || left >= CALLS_TO_ASK * steps.length;
  const counted = new Map<string, number>();
  // One after another on the one connection that a preview has; together where the org is asked.
  const toCome: StepToCome[] = [];
  for (const step of steps) toCome.push(await stepToCome(step, org, deps));
  const costs = await Promise.all(
    toCome.map(async (step) => {
      const { name } = step.mapping;
      const estimate = await estimateStep(step, { costs: earlier, mayCount, org, deps });
      if (estimate.counted !== null) counted.set(name, estimate.counted);
      return [name, estimate.calls] as const;
    }),
  );
  const ofJobs = toCome.flatMap(({ mapping, ofJob }) => (ofJob === null ? [] : [[mapping.name, ofJob] as const]));
  const records = new Map([...counted, ...ofJobs]);
  return { counted, records, costs: new Map(costs) };
}

interface StepToCome {
  readonly mapping: Mapping;
  readonly phase: string;
  readonly readings: readonly Reading[];
  /** True when no record of it is known that could be gone. */
  readonly isFirst: boolean;
  /** Records of the job that is gone on with; null where there is none, or nobody knows. */
  readonly ofJob: number | null;
}

async function stepToCome(
  { mapping, phase }: Step,
  org: Org,
  { scope, request, signal }: EstimateDeps,
): Promise<StepToCome> {
  const { name, version } = mapping;
  const watermark = await findWatermark(scope, name);
  const id = await knownMappingId(scope, name);
  const isKnown = id !== null && (await knowsRecords(scope, id));
  const unfinished = await findUnfinishedReading(scope, { mapping: name, phase, version });
  const readings = chooseReadings({
    mapping,
    request,
    watermark,
    knowsRecords: isKnown,
    orgNow: mapping.incremental === null ? null : (await org.serverNow(signal)).toISOString(),
    unfinished,
    again: 0,
  });
  return { mapping, phase, readings, isFirst: !isKnown, ofJob: unfinished?.records ?? null };
}

/** Ids that one call asks for. */
const IDS_OF_A_CALL = 200;

async function estimateStep(
  { mapping, phase, readings, isFirst, ofJob }: StepToCome,
  context: {
    readonly costs: ReadonlyMap<string, StepCost>;
    readonly mayCount: boolean;
    readonly org: Org;
    readonly deps: EstimateDeps;
  },
): Promise<{ readonly calls: number; readonly counted: number | null }> {
  const { costs, org, deps } = context;
  const { request, signal } = deps;
  if (request.only !== null) {
    const ids = request.only.byMapping.get(mapping.name) ?? [];
    return { calls: Math.ceil(ids.length / IDS_OF_A_CALL), counted: null };
  }
  let calls = 0;
  let counted: number | null = null;
  for (const { report, resume } of readings) {
    const { cursor } = mapping.incremental ?? { cursor: null };
    const earlier = costs.get(costKey({ phase, mapping: mapping.name, kind: report.kind })) ?? null;
    try {
      const estimate = await estimateReading(
        {
          mapping,
          limit: request.limit,
          resume,
          window: cursor === null ? null : { cursor, from: report.from, to: report.to },
          earlier,
          goneQueries: mapping.deletes?.recycleBin === true && !isFirst ? 1 : 0,
          comparesKeys: mapping.deletes?.reconcile === true && !isFirst && report.kind === 'full',
          ofJob,
          // After a job that is gone on with, the step itself asks what has changed since.
          mayCount: context.mayCount && readings.length === 1,
        },
        { salesforce: org, signal },
      );
      calls += estimate.calls;
      counted = readings.length === 1 ? estimate.counted : null;
    } catch (error) {
      // What is wrong with one query is its step's to tell; what is wrong with the org stops all of them.
      if (!(error instanceof SyncError) || error.spec.exit !== 2) throw error;
      calls += 1;
    }
  }
  return { calls, counted };
}
