import {
  BULK_FROM,
  BULK_PAGE_RECORDS,
  chooseApi,
  type ChoiceDeps,
  type ChoiceRequest,
  countRecords,
} from './choose-api.ts';
import { KEYS_OF_A_PAGE } from './keys-reader.ts';
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
  /** Whether all ids are compared before. */
  readonly comparesKeys: boolean;
  /** Records of a job that is gone on with; null where nobody knows. */
  readonly ofJob: number | null;
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

/**
 * What a reading will cost. Asks COUNT() where the reading itself would ask it, and where nothing else tells how many
 * records a Bulk query means.
 */
export async function estimateReading(request: EstimateRequest, deps: ChoiceDeps): Promise<Estimate> {
  const { mapping, resume, earlier, goneQueries, comparesKeys, mayCount, limit } = request;
  if (resume?.kind === 'bulk_page') return { calls: callsOfRest(resume.ordinal, request), counted: null };
  if (!mayCount) {
    const asked = mapping.source.api === 'auto' ? 1 : 0;
    const calls = earlier?.calls ?? estimateCalls({ api: 'rest', records: 0, goneQueries, comparesKeys });
    return { calls: asked + calls, counted: null };
  }
  const { api, records } = await chooseApi(request, deps);
  const isUntold = records === null && earlier === null && limit === null;
  const counted = isUntold ? await countRecords(windowed(mapping.source.soql, request.window ?? null), deps) : records;
  const some = Math.min(counted ?? earlier?.records ?? 0, limit ?? Infinity);
  const alike = earlier?.api === api ? earlier : null;
  return { calls: estimateCalls({ api, records: some, goneQueries, comparesKeys, earlier: alike }), counted };
}

/** Of a job that an earlier run has begun: a poll, and the pages from this one on. */
function callsOfRest(ordinal: number, { ofJob, goneQueries, comparesKeys }: EstimateRequest): number {
  const records = ofJob ?? 0;
  const pages = Math.max(1, pagesOf('bulk', records) - ordinal + 1);
  return goneQueries + (comparesKeys ? keysCalls(records) : 0) + 1 + pages;
}

/**
 * API calls of one reading. REST: one for each page. Bulk: one to make the job, some to poll it, one for each page.
 * An earlier reading by the same API tells how patient one has to be, and what else the mapping asks; but it may have
 * been the first, when there were no ids to compare.
 */
export function estimateCalls(reading: {
  readonly api: 'rest' | 'bulk';
  readonly records: number;
  readonly goneQueries: number;
  readonly comparesKeys: boolean;
  readonly earlier?: EarlierReading | null;
}): number {
  const { api, records, goneQueries, comparesKeys, earlier = null } = reading;
  const pages = pagesOf(api, records);
  const keys = comparesKeys ? keysCalls(records) : 0;
  const reckoned = goneQueries + keys + pages + (api === 'bulk' ? 1 + POLLS_UNTOLD : 0);
  if (earlier === null) return reckoned;
  const likeEarlier = Math.max(pages, earlier.calls + pages - pagesOf(api, earlier.records));
  return comparesKeys ? Math.max(reckoned, likeEarlier) : likeEarlier;
}

/** Few ids come by REST, many by a job of their own. */
function keysCalls(records: number): number {
  const pages = Math.max(1, Math.ceil(records / KEYS_OF_A_PAGE));
  return records < BULK_FROM ? 1 : 1 + POLLS_UNTOLD + pages;
}

function pagesOf(api: 'rest' | 'bulk', records: number): number {
  return Math.max(1, Math.ceil(records / (api === 'rest' ? REST_PAGE_RECORDS : BULK_PAGE_RECORDS)));
}
