import type { Logger } from 'pino';
import type { Mapping } from '../config/mapping.ts';
import type { GoneRecord } from '../flow/gone-record.ts';
import { toSalesforceId } from '../flow/salesforce-id.ts';
import type { SourceBatch } from '../flow/source-batch.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import { BulkReader } from './bulk-reader.ts';
import { goneFields, goneSoql } from './gone-query.ts';
import { RestReader } from './rest-reader.ts';
import type { ReadRequest, RowReader } from './row-reader.ts';
import type { Window } from './window.ts';

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
  const has = new Set(names.map((name) => name.toLowerCase()));
  const soql = goneSoql(mapping, window, has);
  if (soql === null) return;
  const selected = goneFields(mapping.source, window.cursor, has);
  const { reader, first } = await open(soql, selected, mapping, deps);
  try {
    for (let batch = first; batch !== null; batch = await reader.next()) yield goneRecords(batch, selected);
  } finally {
    await reader.close();
  }
}

async function fieldsOf(object: string, { salesforce, signal }: GoneDeps): Promise<readonly string[]> {
  const { fields } = await salesforce.describe(object, signal);
  return fields.map(({ name }) => name);
}

/** By REST, whose first page tells how many there are: mostly few. Many are read by Bulk instead. */
async function open(
  soql: string,
  fields: readonly string[],
  { name, source }: GoneRequest['mapping'],
  deps: GoneDeps,
): Promise<{ readonly reader: RowReader; readonly first: SourceBatch | null }> {
  const request: ReadRequest = { soql, fields, version: '', batchSize: AT_ONCE, limit: null, includeDeleted: true };
  let records = 0;
  const told = { ...deps, onExpected: (expected: number) => void (records = expected) };
  let reader: RowReader = new RestReader(request, null, told);
  const mayBulk = source.api !== 'rest';
  const mustBulk = source.api === 'bulk' || encodeURIComponent(soql).length > LONGEST_QUERY;
  let first = mayBulk && mustBulk ? null : await reader.next();
  if (mayBulk && (mustBulk || records >= BULK_FROM)) {
    await reader.close();
    reader = new BulkReader(request, null, { ...told, pageRecords: PAGE_RECORDS, onJob: async () => undefined });
    first = await reader.next();
  }
  deps.log.info({ mapping: name, records }, 'asked for records that are gone');
  return { reader, first };
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
