import { BULK_PAGE_RECORDS, chooseApi, type ChoiceDeps, type ChoiceRequest, countRecords } from './choose-api.ts';
import { windowed } from './window.ts';

/** What the calls of an earlier, whole reading of the same kind were; null where there was none. */
export interface EarlierReading {
  readonly api: 'rest' | 'bulk';
  readonly calls: number;
  readonly records: number;
}

export interface EstimateRequest extends ChoiceRequest {
  readonly earlier: EarlierReading | null;
  /** Queries beside the mapping's own: for what is gone. */
  readonly goneQueries: number;
  /** False to ask nothing: then a guess must do. */
  readonly mayCount: boolean;
}

export interface Estimate {
  /** API calls that the reading will take, what was asked here not among them. */
  readonly calls: number;
  /** What COUNT() said, to be handed on; null when it was not asked. */
  readonly counted: number | null;
}

/** Records that the org puts on a page of a REST query, unless its rows are wide. */
const REST_PAGE_RECORDS = 2_000;
/** Polls until a Bulk job is done, where no earlier job tells. */
const POLLS_UNTOLD = 2;
/** What is left of a job that an earlier run has begun: a poll, and some pages. */
const CALLS_OF_REST = 3;

/**
 * What a reading will cost. Asks COUNT() where the reading itself would ask it, and where nothing else tells how many
 * records a Bulk query means.
 */
export async function estimateReading(request: EstimateRequest, deps: ChoiceDeps): Promise<Estimate> {
  const { mapping, resume, earlier, goneQueries, mayCount, limit } = request;
  if (resume?.job !== undefined && resume.job !== null) return { calls: CALLS_OF_REST, counted: null };
  if (!mayCount) {
    const asked = mapping.source.api === 'auto' ? 1 : 0;
    const calls = earlier?.calls ?? estimateCalls({ api: 'rest', records: 0, goneQueries });
    return { calls: asked + calls, counted: null };
  }
  const { api, records } = await chooseApi(request, deps);
  const isUntold = records === null && earlier === null && limit === null;
  const counted = isUntold ? await countRecords(windowed(mapping.source.soql, request.window ?? null), deps) : records;
  const some = Math.min(counted ?? earlier?.records ?? 0, limit ?? Infinity);
  const alike = earlier?.api === api ? earlier : null;
  return { calls: estimateCalls({ api, records: some, goneQueries, earlier: alike }), counted };
}

/**
 * API calls of one reading. REST: one for each page. Bulk: one to make the job, some to poll it, one for each page.
 * An earlier reading by the same API tells how patient one has to be, and what else the mapping asks.
 */
export function estimateCalls(reading: {
  readonly api: 'rest' | 'bulk';
  readonly records: number;
  readonly goneQueries: number;
  readonly earlier?: EarlierReading | null;
}): number {
  const { api, records, goneQueries, earlier = null } = reading;
  const pages = pagesOf(api, records);
  if (earlier !== null) return Math.max(pages, earlier.calls + pages - pagesOf(api, earlier.records));
  return goneQueries + pages + (api === 'bulk' ? 1 + POLLS_UNTOLD : 0);
}

function pagesOf(api: 'rest' | 'bulk', records: number): number {
  return Math.max(1, Math.ceil(records / (api === 'rest' ? REST_PAGE_RECORDS : BULK_PAGE_RECORDS)));
}
