import type { Mapping } from '../config/mapping.ts';
import type { RunRequest } from '../flow/run-request.ts';
import type { ReadingReport } from '../flow/run-events.ts';
import type { Slice } from '../flow/slice.ts';
import type { UnfinishedReading } from '../state/unfinished-jobs.ts';
import type { Watermark } from '../state/watermarks.ts';

/** What a step reads in one go. */
export interface Reading {
  readonly report: ReadingReport;
  /** Where the watermark moves to when all of it is committed, ISO 8601; null where it stays. */
  readonly nextWatermark: string | null;
  /** A page of a Bulk job to go on from; null to ask anew. */
  readonly resume: Slice | null;
  /** True where an earlier run has read an old job's answer, and who has gone since has still to be found. */
  readonly idsDue: boolean;
}

export interface ReadingContext {
  readonly mapping: Mapping;
  readonly request: Pick<RunRequest, 'fullRefresh' | 'since' | 'until' | 'limit' | 'only'>;
  readonly watermark: Watermark | null;
  /** False when nothing is known of any record of the mapping. */
  readonly knowsRecords: boolean;
  /** The org's own time, ISO 8601; null where no org is read. */
  readonly orgNow: string | null;
  readonly unfinished: UnfinishedReading | null;
  /** Records that must be read again although they may not have changed. */
  readonly again: number;
}

/**
 * What was changed a moment ago belongs into the window: the org's clock is known to the second and from its last
 * answer. The watermark is that clock itself, so what is changed from now on is in the next window as well.
 */
const AHEAD_SECONDS = 5;

/** The org's clock is known to the second, and less well when its last answer took long. */
const CLOCK_TOLERANCE_SECONDS = 60;

/** From so many on, one query for everything is cheaper than a list of 200 ids for each call. */
export const MOST_AGAIN = 2_000;

/**
 * What a step that reads has to read: one reading, or two when an earlier run has left one unfinished.
 * Pure: everything that it depends on is handed in.
 */
export function chooseReadings(context: ReadingContext): readonly Reading[] {
  const { unfinished, request, mapping } = context;
  const next = chooseNext(context);
  if (unfinished === null || request.limit !== null || request.only !== null) return [next];
  if (request.since !== null || request.until !== null || request.fullRefresh) return [next];
  // Its first pages went with all that was known.
  if (!context.knowsRecords && unfinished.slice.locator !== null) return [next];
  const since = unfinished.nextWatermark;
  const resumed: Reading = {
    report: { ...unfinished.reading, resumed_job: unfinished.slice.job },
    nextWatermark: since,
    resume: unfinished.slice,
    idsDue: false,
  };
  // What makes a full reading necessary now does so also when a window is done.
  if (next.report.kind !== resumed.report.kind) return [next];
  // A mapping that reads everything in every run.
  if (mapping.incremental === null || context.orgNow === null) return [resumed];
  // It was to read some records only (--limit, --since): nobody would know of the others.
  if (since === null) return [next];
  return [resumed, windowFrom(since, 'what has changed since that Bulk job was made', context)];
}

function chooseNext(context: ReadingContext): Reading {
  const { mapping, request, watermark, orgNow } = context;
  const { incremental } = mapping;
  if (request.only !== null) return only(request.only.kind);
  if (incremental === null || orgNow === null) {
    const isFile = mapping.source.file !== null;
    return full(isFile ? 'a file is read whole' : 'this mapping reads everything in every run', context);
  }
  if (request.since !== null || request.until !== null) {
    return asked(request.since, request.until);
  }
  if (request.fullRefresh) return full('asked for by --full-refresh', context);
  if (watermark === null) return full('never read to its end before', context);
  // Somebody may have emptied the tables and the ledger, and thought no further.
  if (!context.knowsRecords) return full('nothing of it is known here', context);
  if (watermark.version !== mapping.version) return full(changesText(watermark.parts, mapping.parts), context);
  if (watermark.readAgain !== null) return full(watermark.readAgain, context);
  if (ageSeconds(orgNow, watermark.value) > CLOCK_TOLERANCE_SECONDS)
    return full("the org's clock is behind the last run's", context);
  const { refreshFormulas } = mapping;
  if (refreshFormulas !== null && ageSeconds(watermark.fullReadAt, orgNow) >= refreshFormulas) {
    return full('fields that can change without a stamp are due (refresh_formulas)', context);
  }
  if (context.again > MOST_AGAIN) return full('more records are to be read again than one by one', context);
  return { ...windowFrom(watermark.value, 'what has changed since the last run', context), idsDue: watermark.idsDue };
}

function only(kind: NonNullable<RunRequest['only']>['kind']): Reading {
  const reason = kind === 'quarantine' ? 'records from quarantine' : 'records that were asked for';
  return {
    report: { kind: 'only', reason, from: null, to: null, resumed_job: null },
    nextWatermark: null,
    resume: null,
    idsDue: false,
  };
}

function full(reason: string, { request, orgNow, mapping }: ReadingContext): Reading {
  return {
    report: { kind: 'full', reason, from: null, to: null, resumed_job: null },
    nextWatermark: request.limit === null && mapping.incremental !== null ? orgNow : null,
    resume: null,
    idsDue: false,
  };
}

function asked(since: string | null, until: string | null): Reading {
  const reason = `asked for by ${since === null ? '--until' : until === null ? '--since' : '--since and --until'}`;
  return {
    report: { kind: 'window', reason, from: since, to: until, resumed_job: null },
    nextWatermark: null,
    resume: null,
    idsDue: false,
  };
}

function windowFrom(watermark: string, reason: string, { mapping, request, orgNow }: ReadingContext): Reading {
  const lookback = mapping.incremental?.lookback ?? 0;
  return {
    report: {
      kind: 'window',
      reason,
      from: shifted(watermark, -lookback),
      to: shifted(orgNow ?? watermark, AHEAD_SECONDS),
      resumed_job: null,
    },
    nextWatermark: request.limit === null ? later(orgNow, watermark) : null,
    resume: null,
    idsDue: false,
  };
}

/** A clock that is a little behind moves no watermark back. */
function later(orgNow: string | null, watermark: string): string {
  return orgNow === null || orgNow < watermark ? watermark : orgNow;
}

/** Where a reading without an end would end, if it had to be cut: what is stamped later is the next window's. */
export function endOf(orgNow: string): string {
  return shifted(orgNow, AHEAD_SECONDS);
}

/** The org stamps in whole seconds: the window's ends are such, and nothing lies between. */
function shifted(instant: string, seconds: number): string {
  return new Date((Math.floor(Date.parse(instant) / 1_000) + seconds) * 1_000).toISOString();
}

function ageSeconds(since: string | null, now: string): number {
  return since === null ? Infinity : (Date.parse(now) - Date.parse(since)) / 1_000;
}

/** Parts of a mapping that a person is told of by name; beyond that, how many there are. */
const MOST_NAMED = 5;

function changesText(before: Watermark['parts'], now: Mapping['parts']): string {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const changed = names.filter((name) => before[name] !== now[name]).toSorted();
  if (changed.length === 0) return 'the mapping has changed since the last run';
  const more = changed.length - MOST_NAMED;
  const named = changed.slice(0, MOST_NAMED).join(', ');
  return `changed since the last run: ${named}${more > 0 ? ` and ${more} more` : ''}`;
}
