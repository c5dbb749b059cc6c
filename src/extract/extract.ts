import type { Logger } from 'pino';
import type { Mapping } from '../config/mapping.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { Slice } from '../flow/slice.ts';
import type { OrgKeys } from '../flow/org-key.ts';
import type { SourceBatch } from '../flow/source-batch.ts';
import { isRefusedByBulk } from '../salesforce/classify.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import { formatSoql } from '../soql/format.ts';
import { parseSoql } from '../soql/parse.ts';
import { withLimit } from '../soql/rewrite.ts';
import { BulkReader } from './bulk-reader.ts';
import { type Api, BULK_PAGE_RECORDS, chooseApi } from './choose-api.ts';
import { openFileReader } from './file-reader.ts';
import { IdsReader } from './ids-reader.ts';
import { keysJob } from './keys-job.ts';
import { KEYS_OF_A_PAGE, keyPages } from './keys-reader.ts';
import { keyFields, keysMapping, keysOf, type LeavesOut, keyStamp } from './keys-query.ts';
import { OrgQuestions, type OrgQuestionsDeps } from './org-questions.ts';
import { RestReader } from './rest-reader.ts';
import { fieldReader } from './rest-values.ts';
import type { ReadRequest, RowReader } from './row-reader.ts';
import { halvesOf, isTooMuch, type Window, windowed } from './window.ts';

export { quarantineReader } from './quarantine-reader.ts';

export { readGone } from './gone-reader.ts';

export { askInScope } from './in-scope.ts';
export { askWhereabouts, extractWhereabouts } from './whereabouts.ts';

export interface ExtractRequest {
  readonly mapping: Mapping;
  /** Records of a batch at most. */
  readonly batchSize: number;
  /** Records at most; null for all. */
  readonly limit: number | null;
  /** Read on from this slice, which may belong to an earlier run. A file is always read from its start. */
  readonly resume?: Slice | null;
  /** Only records whose cursor lies in it; null for all. One that is open is cut here when it is too much. */
  readonly window?: Window | null;
  /** The org's time when the reading began, ISO 8601: where a window without an end ends when it has to be cut. */
  readonly until?: string | null;
  /** Records that the query means, where somebody has asked already; else `auto` asks. */
  readonly counted?: number | null;
  /** Read only these records again, in lists of 200 and whatever `limit` says; null for all that the mapping reads. */
  readonly ids?: readonly string[] | null;
}

/** The dock to the org. */
export type Org = Salesforce;

export interface ExtractDeps {
  /** Or how to connect, when the org is asked: a file needs none. */
  readonly salesforce: Org | (() => Promise<Org>);
  /** Absolute folder of the project, for files. */
  readonly folder?: string;
  readonly log: Pick<Logger, 'info'>;
  readonly signal: AbortSignal;
  /** Told as soon as the org has told how many records there are. */
  readonly onExpected?: (records: number) => void;
  /** Told what is not as it should be, as reports count warnings: `SOURCE_FILE_MISSING data/levels.csv`. */
  readonly onWarning?: (what: string, times: number) => void;
  /** Told when a Bulk job is made, before anything of its result is read. */
  readonly onJob?: (job: string) => Promise<void>;
  /** Records of a Bulk result page; smaller ones cost more calls, larger ones more memory and more work again. */
  readonly pageRecords?: number;
}

/**
 * Reads what a mapping selects. Nothing is read before it is asked for, and leaving the loop stops the reading.
 * - a file: all of it, or nothing where it may be missing and is.
 * - `ids`: by REST, in lists.
 * - `rest`, `bulk`: by that API.
 * - `auto`: asks COUNT() first; small results and what Bulk refuses go by REST, the rest by Bulk.
 * @throws SyncError, all trouble that stops a step; a broken page or an expired session does not
 */
export async function* extract(
  request: ExtractRequest,
  deps: ExtractDeps,
): AsyncGenerator<SourceBatch, void, undefined> {
  const begun = await beginOrCut(request, deps);
  if ('halves' in begun) {
    yield* oneAfterTheOther(begun.halves, deps);
    return;
  }
  const { reader, first } = begun;
  if (reader === null) return;
  try {
    for (let batch = first; batch !== null; batch = await reader.next()) yield batch;
  } finally {
    await reader.close();
  }
}

export interface KeysRequest {
  readonly mapping: Mapping;
  /** How records are known that `skip_when` leaves out; null where there are none. */
  readonly rule: LeavesOut | null;
  /** The org's time now, ISO 8601. */
  readonly until: string;
  /** About how many there are; null to ask the org. */
  readonly expected: number | null;
}

/** Reads the ids and stamps of everything that a mapping reads, and nothing else of the records. */
export async function* extractKeys(
  { mapping, rule, until, expected }: KeysRequest,
  deps: ExtractDeps,
): AsyncGenerator<OrgKeys, void, undefined> {
  const connected = { ...deps, salesforce: await connectedTo(deps) };
  const stamp = keyStamp(mapping);
  const keys = keysMapping(mapping, rule);
  const job = rule === null ? await keysJob(keys, expected, connected) : null;
  if (job !== null) {
    yield* keyPages(job, keyFields(mapping), connected);
    return;
  }
  const window = stamp === null ? null : { cursor: stamp, from: null, to: null };
  const read = keysOf(mapping, rule);
  const request = { mapping: keys, batchSize: KEYS_OF_A_PAGE, limit: null, window, until, counted: expected };
  for await (const batch of extract(request, { ...connected, pageRecords: KEYS_OF_A_PAGE })) yield read(batch);
}

export { mayBeBlank } from './window.ts';
export { describeNeeded } from './describe-needed.ts';
export { estimateReading } from './estimate.ts';

/** Questions that a step asks the org beside its own query; see {@link OrgQuestions}. */
export function orgQuestions(deps: OrgQuestionsDeps): OrgQuestions {
  return new OrgQuestions(deps);
}

/**
 * A window that is too much for one query is read as two, and these perhaps as four; one that is not bounded, from its
 * first record on. Such parts cannot be gone on with by their job: there may be another part before it.
 */
async function beginOrCut(
  request: ExtractRequest,
  deps: ExtractDeps,
): Promise<Begun | { readonly halves: readonly ExtractRequest[] }> {
  try {
    return await begin(request, deps);
  } catch (error) {
    const { window = null, until = null } = request;
    if (window === null || !isTooMuch(error)) throw error;
    const from = window.from ?? (await firstCursor(request.mapping, window, deps));
    const bounded = { ...window, from, to: window.to ?? until };
    const halves = halvesOf(bounded);
    if (halves === null) throw error;
    deps.log.info({ mapping: request.mapping.name, ...bounded }, 'the window is too much for one query and is cut');
    return { halves: halves.map((half) => ({ ...request, resume: null, window: half })) };
  }
}

async function* oneAfterTheOther(
  requests: readonly ExtractRequest[],
  deps: ExtractDeps,
): AsyncGenerator<SourceBatch, void, undefined> {
  let slices = 0;
  let given = 0;
  for (const request of requests) {
    const before = slices;
    // As many records as were asked for, of all parts together.
    const limit = request.limit === null ? null : request.limit - given;
    if (limit === 0) return;
    for await (const batch of extract({ ...request, limit }, { ...deps, onJob: async () => undefined })) {
      slices = before + batch.slice.ordinal;
      given += batch.records.length;
      yield { ...batch, slice: { ...batch.slice, ordinal: slices, job: null, locator: null } };
    }
  }
}

interface Begun {
  /** Null when there is nothing to read. */
  readonly reader: RowReader | null;
  readonly first: SourceBatch | null;
}

async function begin(request: ExtractRequest, deps: ExtractDeps): Promise<Begun> {
  const { mapping, ids = null } = request;
  if (mapping.source.file !== null) return beginFile(request, deps);
  const connected = { ...deps, salesforce: await connectedTo(deps) };
  return ids === null ? beginQuery(request, connected) : beginIds(ids, request, connected);
}

type Connected = ExtractDeps & { readonly salesforce: Org };

/** The lowest cursor of the object, by one record: an aggregate over all of them might be too much as well. */
async function firstCursor(mapping: Mapping, { cursor }: Window, deps: ExtractDeps): Promise<string | null> {
  const salesforce = await connectedTo(deps);
  const soql = `SELECT ${cursor} FROM ${mapping.source.object} WHERE ${cursor} != null ORDER BY ${cursor} LIMIT 1`;
  for await (const page of salesforce.restQuery({ soql }, deps.signal)) {
    const value = page.records[0] === undefined ? '' : fieldReader(cursor)(page.records[0]);
    if (value !== '') return new Date(value).toISOString();
  }
  return null;
}

async function connectedTo({ salesforce }: ExtractDeps): Promise<Org> {
  return typeof salesforce === 'function' ? salesforce() : salesforce;
}

async function beginFile({ mapping, batchSize, limit, ids = null }: ExtractRequest, deps: ExtractDeps): Promise<Begun> {
  const { source, version } = mapping;
  const { folder, signal, log, onExpected = () => undefined, onWarning = () => undefined } = deps;
  if (folder === undefined) throw new RangeError('a file is read without the folder that it lies in');
  log.info({ mapping: mapping.name, path: source.object }, 'reading begins');
  const reader = await openFileReader(
    { source, version, batchSize, limit: ids === null ? limit : null, ids },
    { folder, signal, onExpected, onWarning },
  );
  return reader === null ? { reader, first: null } : firstOf(reader);
}

async function beginIds(
  ids: readonly string[],
  { mapping, batchSize }: ExtractRequest,
  deps: Connected,
): Promise<Begun> {
  const { source, version } = mapping;
  deps.log.info({ mapping: mapping.name, records: ids.length }, 'reading again');
  return firstOf(
    new IdsReader({ soql: source.soql, fields: source.fields, version, batchSize, limit: null }, ids, deps),
  );
}

/** Reads the first batch: until it is there, nothing was given out, so there may be another beginning. */
async function beginQuery(request: ExtractRequest, deps: Connected): Promise<Begun> {
  const { mapping, resume = null } = request;
  const { api } = await chooseApi(request, deps);
  try {
    return await beginBy(api, resume, request, deps);
  } catch (error) {
    if (resume !== null && error instanceof SyncError && isOver(error)) {
      return beginBy(api, null, request, deps);
    }
    if (api === 'bulk' && mapping.source.api === 'auto' && isRefusedByBulk(error)) {
      return beginBy('rest', null, request, deps);
    }
    throw error;
  }
}

/** Whether what was to be gone on with is there no more. */
function isOver({ code }: SyncError): boolean {
  return code === 'ORG_LOCATOR_EXPIRED' || code === 'ORG_JOB_FAILED';
}

async function beginBy(api: Api, resume: Slice | null, request: ExtractRequest, deps: Connected): Promise<Begun> {
  const { mapping, batchSize, limit } = request;
  const { source, version } = mapping;
  const { onExpected = () => undefined, onJob = async () => undefined, pageRecords = BULK_PAGE_RECORDS } = deps;
  const readerDeps = { ...deps, onExpected, onJob, pageRecords };
  const soql = windowed(source.soql, request.window ?? null);
  const read: ReadRequest = { soql, fields: source.fields, version, batchSize, limit };
  deps.log.info({ mapping: mapping.name, api, job: resume?.job ?? undefined }, 'reading begins');
  return firstOf(
    api === 'bulk'
      ? new BulkReader(read, resume, readerDeps)
      : new RestReader({ ...read, soql: limitedSoql(soql, limit) }, resume, readerDeps),
  );
}

async function firstOf(reader: RowReader): Promise<Begun> {
  try {
    return { reader, first: await reader.next() };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/** By LIMIT in the query, so that the org does not prepare what nobody reads. */
function limitedSoql(soql: string, limit: number | null): string {
  if (limit === null) return soql;
  const query = parseSoql(soql);
  return formatSoql(withLimit(query, Math.min(limit, query.limit ?? Infinity)));
}
