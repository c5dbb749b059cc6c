import type { Logger } from 'pino';
import type { Mapping } from '../config/mapping.ts';
import type { GoneRecord } from '../flow/gone-record.ts';
import { toSalesforceId } from '../flow/salesforce-id.ts';
import type { SourceBatch } from '../flow/source-batch.ts';
import { isRefusedByBulk } from '../salesforce/classify.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import { BulkReader } from './bulk-reader.ts';
import { goneFields, goneSoql } from './gone-query.ts';
import { RestReader } from './rest-reader.ts';
import { fieldReader } from './rest-values.ts';
import type { ReadRequest, RowReader } from './row-reader.ts';
import { halvesOf, isTooMuch, type Window } from './window.ts';

export interface GoneRequest {
  readonly mapping: Pick<Mapping, 'name' | 'source' | 'deletes'>;
  readonly window: Window;
  /** Names of the object's fields, where somebody has asked for them already. */
  readonly fields?: readonly string[] | undefined;
}

export interface GoneDeps {
  readonly salesforce: Salesforce;
  readonly log: Pick<Logger, 'info'>;
  readonly signal: AbortSignal;
}

const AT_ONCE = 2_000;
/** From here on a Bulk job costs fewer calls than pages of 2,000. */
const BULK_FROM = 10_001;
const PAGE_RECORDS = 25_000;
/** A URL and its headers may have 16,384 bytes; a Bulk query travels in the body. */
const LONGEST_QUERY = 12_000;

/** Reads which records of a window are gone: in the recycle bin, merged, or no longer meant by the mapping's filter. */
export async function* readGone(
  { mapping, window, fields }: GoneRequest,
  deps: GoneDeps,
): AsyncGenerator<readonly GoneRecord[], void, undefined> {
  const names = fields ?? (await fieldsOf(mapping.source.object, deps));
  yield* goneWithin(window, mapping, { ...deps, has: new Set(names.map((name) => name.toLowerCase())) });
}

interface ObjectDeps extends GoneDeps {
  /** Lower-case names of the object's fields. */
  readonly has: ReadonlySet<string>;
}

/** What is too much for one query is asked for in two, and these perhaps in four: nobody knows how much has gone. */
async function* goneWithin(
  window: Window,
  mapping: GoneRequest['mapping'],
  deps: ObjectDeps,
): AsyncGenerator<readonly GoneRecord[], void, undefined> {
  const soql = goneSoql(mapping, window, deps.has);
  if (soql === null) return;
  const selected = goneFields(mapping.source, window.cursor, deps.has);
  const opened = await open(soql, selected, mapping, deps).catch(async (error: unknown) => {
    const halves = isTooMuch(error) ? halvesOf(await bounded(window, mapping, deps)) : null;
    if (halves === null) throw error;
    deps.log.info({ mapping: mapping.name, ...window }, 'what is gone is too much for one query, which is cut');
    return halves;
  });
  if (!('reader' in opened)) {
    for (const half of opened) yield* goneWithin(half, mapping, deps);
    return;
  }
  const { reader, first } = opened;
  try {
    for (let batch = first; batch !== null; batch = await reader.next()) yield goneRecords(batch, selected);
  } finally {
    await reader.close();
  }
}

/** The window with both ends: from the first record of the object, in the recycle bin or not, to the org's time now. */
async function bounded(
  window: Window,
  { source }: GoneRequest['mapping'],
  { has, salesforce, signal }: ObjectDeps,
): Promise<Window> {
  const to = window.to ?? (await salesforce.serverNow(signal)).toISOString();
  const cursor = has.has('systemmodstamp') ? 'SystemModstamp' : window.cursor;
  if (window.from !== null || !has.has(cursor.toLowerCase())) return { ...window, to };
  const soql = `SELECT ${cursor} FROM ${source.object} WHERE ${cursor} != null ORDER BY ${cursor} LIMIT 1`;
  const read = fieldReader(cursor);
  let from: string | null = null;
  for await (const { records } of salesforce.restQuery({ soql, includeDeleted: true }, signal)) {
    for (const record of records) from = new Date(read(record)).toISOString();
  }
  return { ...window, from, to };
}

async function fieldsOf(object: string, { salesforce, signal }: GoneDeps): Promise<readonly string[]> {
  const { fields } = await salesforce.describe(object, signal);
  return fields.map(({ name }) => name);
}

interface Opened {
  readonly reader: RowReader;
  readonly first: SourceBatch | null;
}

/** By REST, whose first page tells how many there are: mostly few. Many are read by Bulk instead, where it can. */
async function open(
  soql: string,
  fields: readonly string[],
  { name, source }: GoneRequest['mapping'],
  deps: GoneDeps,
): Promise<Opened> {
  const request: ReadRequest = { soql, fields, version: '', batchSize: AT_ONCE, limit: null, includeDeleted: true };
  let records = 0;
  const told = { ...deps, onExpected: (expected: number) => void (records = expected) };
  const byRest = async (): Promise<Opened> => begun(new RestReader(request, null, told));
  const byBulk = async (): Promise<Opened> =>
    begun(new BulkReader(request, null, { ...told, pageRecords: PAGE_RECORDS, onJob: async () => undefined }));
  const mustBulk = source.api === 'bulk' || encodeURIComponent(soql).length > LONGEST_QUERY;
  let opened: Opened | null = null;
  if (source.api === 'rest' || !mustBulk) {
    // What takes REST too long, Bulk may do: it has more time.
    opened = await byRest().catch((error: unknown) => {
      if (source.api === 'rest' || !isTooMuch(error)) throw error;
      return null;
    });
  }
  if (opened === null) opened = await byBulk();
  else if (source.api !== 'rest' && records >= BULK_FROM) opened = await insteadOf(opened, byBulk);
  deps.log.info({ mapping: name, records }, 'asked for records that are gone');
  return opened;
}

async function begun(reader: RowReader): Promise<Opened> {
  return { reader, first: await reader.next() };
}

/** By Bulk, and not as it was begun, unless Bulk does not know the object. */
async function insteadOf(other: Opened, byBulk: () => Promise<Opened>): Promise<Opened> {
  try {
    const opened = await byBulk();
    await other.reader.close();
    return opened;
  } catch (error) {
    if (isRefusedByBulk(error)) return other;
    await other.reader.close();
    throw error;
  }
}

const NO_STAMPS = new Set(['Id', 'IsDeleted', 'MasterRecordId']);

/** @param fields  what was selected */
function goneRecords({ records }: SourceBatch, fields: readonly string[]): readonly GoneRecord[] {
  const stampAt = fields.findIndex((field) => !NO_STAMPS.has(field));
  const deletedAt = fields.indexOf('IsDeleted');
  const masterAt = fields.indexOf('MasterRecordId');
  return records.map(({ id, values }) => {
    const masterId = toSalesforceId(values[masterAt] ?? '');
    const isDeleted = values[deletedAt] === 'true';
    const stamp = Date.parse(values[stampAt] ?? '');
    return {
      sourceId: id,
      reason: isDeleted ? (masterId === null ? 'deleted' : 'merged') : 'left_filter',
      masterId: isDeleted ? masterId : null,
      stamp: Number.isNaN(stamp) ? null : new Date(stamp).toISOString(),
    };
  });
}
