import type { Logger } from 'pino';
import type { Mapping } from '../config/mapping.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { Slice } from '../flow/slice.ts';
import type { SourceBatch } from '../flow/source-batch.ts';
import { isRefusedByBulk } from '../salesforce/classify.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import { formatSoql } from '../soql/format.ts';
import { parseSoql } from '../soql/parse.ts';
import { countQuery, withLimit } from '../soql/rewrite.ts';
import { BulkReader } from './bulk-reader.ts';
import { RestReader } from './rest-reader.ts';
import type { ReadRequest, RowReader } from './row-reader.ts';

export interface ExtractRequest {
  readonly mapping: Mapping;
  /** Records of a batch at most. */
  readonly batchSize: number;
  /** Records at most; null for all. */
  readonly limit: number | null;
  /** Read on from this slice, which may belong to an earlier run. */
  readonly resume?: Slice | null;
}

export interface ExtractDeps {
  readonly salesforce: Salesforce;
  readonly log: Pick<Logger, 'info'>;
  readonly signal: AbortSignal;
  /** Told as soon as the org has told how many records there are. */
  readonly onExpected?: (records: number) => void;
  /** Records of a Bulk result page; smaller ones cost more calls, larger ones more memory and more work again. */
  readonly pageRecords?: number;
}

/** From here on Bulk is cheaper: REST takes a call for every 2,000 records, a Bulk job four or five for any number. */
const BULK_FROM = 2_001;
const PAGE_RECORDS = 25_000;
/** A URL and its headers may have 16,384 bytes; a Bulk query travels in the body. */
const LONGEST_QUERY = 12_000;

/**
 * Reads what a mapping selects. Nothing is read before it is asked for, and leaving the loop stops the reading.
 * - `rest`, `bulk`: by that API.
 * - `auto`: asks COUNT() first; small results and what Bulk refuses go by REST, the rest by Bulk.
 * @throws SyncError, all trouble that stops a step; a broken page or an expired session does not
 */
export async function* extract(
  request: ExtractRequest,
  deps: ExtractDeps,
): AsyncGenerator<SourceBatch, void, undefined> {
  const { reader, first } = await begin(request, deps);
  try {
    for (let batch = first; batch !== null; batch = await reader.next()) yield batch;
  } finally {
    await reader.close();
  }
}

interface Begun {
  readonly reader: RowReader;
  readonly first: SourceBatch | null;
}

/** Reads the first batch: until it is there, nothing was given out, so there may be another beginning. */
async function begin(request: ExtractRequest, deps: ExtractDeps): Promise<Begun> {
  const { mapping, resume = null } = request;
  const api = await chooseApi(request, deps);
  try {
    return await beginBy(api, resume, request, deps);
  } catch (error) {
    if (error instanceof SyncError && error.code === 'ORG_LOCATOR_EXPIRED') {
      return beginBy(api, null, request, deps);
    }
    if (api === 'bulk' && mapping.source.api === 'auto' && isRefusedByBulk(error)) {
      return beginBy('rest', null, request, deps);
    }
    throw error;
  }
}

type Api = 'rest' | 'bulk';

async function beginBy(api: Api, resume: Slice | null, request: ExtractRequest, deps: ExtractDeps): Promise<Begun> {
  const { mapping, batchSize, limit } = request;
  const { source, version } = mapping;
  const { onExpected = () => undefined, pageRecords = PAGE_RECORDS } = deps;
  const readerDeps = { ...deps, onExpected, pageRecords };
  const read: ReadRequest = { soql: source.soql, fields: source.fields, version, batchSize, limit };
  deps.log.info({ mapping: mapping.name, api }, 'reading begins');
  const reader: RowReader =
    api === 'bulk'
      ? new BulkReader(read, resume, readerDeps)
      : new RestReader({ ...read, soql: limitedSoql(source.soql, limit) }, resume, readerDeps);
  try {
    return { reader, first: await reader.next() };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

async function chooseApi({ mapping, limit, resume }: ExtractRequest, deps: ExtractDeps): Promise<Api> {
  const { api, soql } = mapping.source;
  if (resume?.kind === 'bulk_page') return 'bulk';
  if (resume?.kind === 'rest_page') return 'rest';
  if (api !== 'auto') return api;
  if (encodeURIComponent(soql).length > LONGEST_QUERY) return 'bulk';
  if (limit !== null && limit < BULK_FROM) return 'rest';
  return apiByCount(soql, limit, deps);
}

async function apiByCount(soql: string, limit: number | null, deps: ExtractDeps): Promise<Api> {
  try {
    const count = await deps.salesforce.count(formatSoql(countQuery(parseSoql(soql))), deps.signal);
    deps.onExpected?.(Math.min(count, limit ?? Infinity));
    return count < BULK_FROM ? 'rest' : 'bulk';
  } catch (error) {
    // Too many records to count in two minutes.
    if (error instanceof SyncError && error.code === 'ORG_QUERY_TIMEOUT') return 'bulk';
    throw error;
  }
}

/** By LIMIT in the query, so that the org does not prepare what nobody reads. */
function limitedSoql(soql: string, limit: number | null): string {
  if (limit === null) return soql;
  const query = parseSoql(soql);
  return formatSoql(withLimit(query, Math.min(limit, query.limit ?? Infinity)));
}
