import type { Mapping } from '../config/mapping.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { Slice } from '../flow/slice.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import { formatSoql } from '../soql/format.ts';
import { parseSoql } from '../soql/parse.ts';
import { countQuery } from '../soql/rewrite.ts';
import { type Window, windowed } from './window.ts';

export type Api = 'rest' | 'bulk';

export interface Choice {
  readonly api: Api;
  /** Records that the query means; null where nobody has counted. */
  readonly records: number | null;
}

/** From here on Bulk is cheaper: REST takes a call for every 2,000 records, a Bulk job four or five for any number. */
export const BULK_FROM = 2_001;
export const BULK_PAGE_RECORDS = 25_000;
/** A URL and its headers may have 16,384 bytes; a Bulk query travels in the body. */
const LONGEST_QUERY = 12_000;

export interface ChoiceRequest {
  readonly mapping: Mapping;
  readonly limit: number | null;
  readonly resume?: Slice | null;
  readonly window?: Window | null;
  /** What COUNT() has said already. */
  readonly counted?: number | null;
}

export interface ChoiceDeps {
  readonly salesforce: Salesforce;
  readonly signal: AbortSignal;
  readonly onExpected?: (records: number) => void;
}

/** By which API a query is read; `auto` asks COUNT() where that decides, unless somebody has asked already. */
export async function chooseApi(request: ChoiceRequest, deps: ChoiceDeps): Promise<Choice> {
  const { mapping, limit, resume, window = null, counted = null } = request;
  const { api } = mapping.source;
  const soql = windowed(mapping.source.soql, window);
  if (resume?.kind === 'bulk_page') return { api: 'bulk', records: null };
  if (resume?.kind === 'rest_page') return { api: 'rest', records: null };
  if (api !== 'auto') return { api, records: counted };
  if (encodeURIComponent(soql).length > LONGEST_QUERY) return { api: 'bulk', records: counted };
  if (limit !== null && limit < BULK_FROM) return { api: 'rest', records: counted };
  const records = counted ?? (await countRecords(soql, deps));
  // Too many records to count in two minutes.
  if (records === null) return { api: 'bulk', records };
  deps.onExpected?.(Math.min(records, limit ?? Infinity));
  return { api: records < BULK_FROM ? 'rest' : 'bulk', records };
}

/** @returns null when the org cannot count them in time */
export async function countRecords(soql: string, { salesforce, signal }: ChoiceDeps): Promise<number | null> {
  try {
    return await salesforce.count(formatSoql(countQuery(parseSoql(soql))), signal);
  } catch (error) {
    if (error instanceof SyncError && error.code === 'ORG_QUERY_TIMEOUT') return null;
    throw error;
  }
}
