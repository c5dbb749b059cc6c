import type { Mapping } from '../config/mapping.ts';
import { readGone } from '../extract/extract.ts';
import type { ReadingReport } from '../flow/run-events.ts';
import type { SourceRecord } from '../flow/source-batch.ts';
import { goneSince, hasNotices, noticeDeletions, unnotice } from '../state/deletions.ts';
import { findWatermark } from '../state/watermarks.ts';
import type { ChangeFilter } from './changed-records.ts';
import type { KnownState } from './commit-deps.ts';
import type { StepDeps } from './step-deps.ts';

/**
 * Asks the org which records are gone since, and notes them. Done before those that are here are read: what is read
 * after that is not gone, and what goes after that belongs to the next window.
 */
export async function noticeGone(
  mapping: Mapping,
  report: ReadingReport,
  known: KnownState,
  deps: StepDeps,
): Promise<void> {
  const { scope, runId, limit, objects, log, signal } = deps;
  if (mapping.deletes?.recycleBin !== true || limit !== null || report.kind === 'only') return;
  if (!known.records && !known.waiting && !known.quarantined && !known.leftOut) return;
  const cursor = mapping.incremental?.cursor ?? 'SystemModstamp';
  const from = report.kind === 'window' ? report.from : await lastRead(mapping, deps);
  const fields = objects.get(mapping.source.object.toLowerCase())?.fields.map(({ name }) => name);
  const salesforce = await deps.salesforce();
  const request = { mapping, window: { cursor, from, to: report.to }, fields };
  let noticed = 0;
  for await (const gone of readGone(request, { salesforce, log, signal })) {
    if (gone.length === 0) continue;
    noticed += await scope.transaction(async (tx) => noticeDeletions(tx, known.mappingId, runId, gone));
  }
  if (noticed > 0) log.info({ records: noticed }, 'records are gone');
}

/** Where the recycle bin was looked into last, as far as everything is read again; null to look at all of it. */
async function lastRead({ name, incremental }: Mapping, { scope }: StepDeps): Promise<string | null> {
  const watermark = await findWatermark(scope, name);
  if (watermark === null || incremental === null) return null;
  return new Date(Date.parse(watermark.value) - incremental.lookback * 1_000).toISOString();
}

/** What is being read. */
export interface Answer {
  /** True for what an earlier run has got: it says nothing of who went since. */
  ofThePast: boolean;
  /** Of the job that gave it, where it is one of the org's. */
  job: string | null;
}

/** The same filter, which also takes back the notices of records that were read live. */
export function takingBackNotices(
  filter: ChangeFilter,
  mapping: Pick<Mapping, 'deletes'>,
  known: KnownState,
  { scope, answer }: Pick<StepDeps, 'scope'> & { readonly answer: Readonly<Answer> },
): ChangeFilter {
  if (mapping.deletes === null) return filter;
  return async (records: readonly SourceRecord[]) => {
    // Asked anew each time: a second reading knows what the first one has loaded.
    const { records: isKnown, mappingId, deleted } = known;
    if (!isKnown || records.length === 0) return filter(records);
    const { ofThePast, job } = answer;
    if (await hasNotices(scope, mappingId)) await unnotice(scope, mappingId, records, ofThePast);
    const gone = job === null || !deleted ? NOBODY : await goneSince(scope, mappingId, { job, records });
    return filter(gone.size === 0 ? records : records.filter(({ id }) => !gone.has(id)));
  };
}

const NOBODY: ReadonlySet<string> = new Set();
