import { addCounts, addTableCounts, NO_TABLE_COUNTS } from '../flow/counts.ts';
import type { StepReport } from '../flow/run-events.ts';
import type { RunPlan } from '../plan/step.ts';
import { countOpen } from '../state/deletions.ts';
import { mappingId } from '../state/mappings.ts';
import { carryOutRefused } from './carry-out-deletions.ts';
import type { StepDeps } from './step-deps.ts';
import { StepTally } from './step-tally.ts';

type RetryDeps = Pick<StepDeps, 'scope' | 'project' | 'signal' | 'log'>;

/**
 * Deletes at the end of a run what could not be deleted before: what referred to it may be gone, too, or another
 * mapping may have taken the row over. The last steps first, because theirs are the rows that refer.
 * @param reports  of the steps, by their place
 * @returns the reports that say more now, by ordinal
 */
export async function retryRefused(
  plan: RunPlan,
  reports: readonly StepReport[],
  deps: RetryDeps,
): Promise<ReadonlyMap<number, StepReport>> {
  const retried = new Map<number, StepReport>();
  for (const step of plan.steps.toReversed()) {
    const report = reports[step.ordinal - 1];
    const { mapping, settings } = step;
    if (step.kind !== 'read' || report === undefined || !mayRetry(report)) continue;
    if (mapping.deletes === null || mapping.deletes.action === 'ignore') continue;
    const id = await mappingId(deps.scope, mapping.name);
    if ((await countOpen(deps.scope, id)).refused === 0) continue;
    const tally = new StepTally();
    await carryOutRefused(
      mapping,
      { mappingId: id, commitSize: settings.commitSize, ordinal: null },
      { ...deps, tally, onProgress: () => undefined },
    );
    retried.set(step.ordinal, withRetried(report, tally));
  }
  return retried;
}

/** A step that failed has not come so far as to count what it could not delete. */
function mayRetry({ error }: StepReport): boolean {
  return error === null || error.code === 'DELETES_LIMIT';
}

/** What is done now was counted as deferred; what is refused once more still is. */
function withRetried(report: StepReport, tally: StepTally): StepReport {
  const { deleted, skipped } = tally.counts;
  const counts = addCounts(report.counts, { deleted, skipped, deferred: -(deleted + skipped) });
  const tables = { ...report.tables };
  for (const [name, more] of Object.entries(tally.tables)) {
    tables[name] = addTableCounts(tables[name] ?? NO_TABLE_COUNTS, more);
  }
  const reasons = { ...report.skipped };
  for (const [reason, times] of tally.skipped) reasons[reason] = (reasons[reason] ?? 0) + times;
  const { warnings, quarantined, deferred } = counts;
  const isClean =
    report.status === 'succeeded_with_warnings' && warnings + quarantined + deferred + report.links.waiting === 0;
  return { ...report, status: isClean ? 'succeeded' : report.status, counts, tables, skipped: reasons };
}
