import type { Mapping } from '../config/mapping.ts';
import { toSalesforceId } from '../flow/salesforce-id.ts';
import type { KeyColumn, OrgKeys, Whereabouts } from '../flow/org-key.ts';
import type { RestRecord } from '../salesforce/rest-query.ts';
import { inLists } from './in-lists.ts';
import { keyStamp } from './keys-query.ts';
import { completeJob } from './keys-job.ts';
import { type KeyFields, keyPages, type KeysReaderDeps } from './keys-reader.ts';
import { fieldReader } from './rest-values.ts';

/** So many records are asked for by their ids, a call for each 200; for more, the whole object is read by Bulk. */
const MOST_BY_ID = 2_000;

/**
 * Where records are that the org's answer to a mapping's query does not hold.
 * @returns of these, and perhaps of others; null when there are too many and Bulk refuses the object
 */
export async function extractWhereabouts(
  { mapping, ids }: { readonly mapping: Mapping; readonly ids: readonly string[] },
  deps: KeysReaderDeps,
): Promise<AsyncIterable<OrgKeys> | null> {
  if (ids.length <= MOST_BY_ID) return onlyOne(keysOfWhereabouts(await askWhereabouts(mapping, ids, deps)));
  const fields = await whereaboutsFields(mapping, deps);
  const soql = `SELECT ${[...fields.keys()].join(', ')} FROM ${mapping.source.object}`;
  const job = await completeJob(soql, true, deps);
  return job === null ? null : keyPages(job, fields, deps);
}

async function* onlyOne<T>(item: T): AsyncGenerator<T, void, undefined> {
  yield await Promise.resolve(item);
}

/**
 * Asks for records by their ids, whatever the mapping's filter says, also in the recycle bin: one call for 200.
 * @returns those that the org still knows; the others are purged, or nobody may see them any more
 */
export async function askWhereabouts(
  mapping: Mapping,
  ids: readonly string[],
  { salesforce, signal }: KeysReaderDeps,
): Promise<readonly Whereabouts[]> {
  const fields = await whereaboutsFields(mapping, { salesforce, signal });
  const read = new Map([...fields].map(([name, column]) => [column, fieldReader(name)]));
  const value = (record: RestRecord, column: KeyColumn): string => read.get(column)?.(record) ?? '';
  const found: Whereabouts[] = [];
  for (const list of inLists(ids)) {
    const soql = `SELECT ${[...fields.keys()].join(', ')} FROM ${mapping.source.object} WHERE Id IN ${list}`;
    for await (const { records } of salesforce.restQuery({ soql, includeDeleted: true }, signal)) {
      for (const record of records) {
        const masterId = toSalesforceId(value(record, 'master_id'));
        const gone = masterId === null ? 'deleted' : 'merged';
        found.push({
          id: toSalesforceId(value(record, 'source_id')) ?? '',
          reason: value(record, 'deleted') === 'true' ? gone : 'left_filter',
          masterId,
          stamp: value(record, 'stamp'),
        });
      }
    }
  }
  return found;
}

/** What must be asked of an object to know where its records are. */
async function whereaboutsFields(mapping: Mapping, { salesforce, signal }: KeysReaderDeps): Promise<KeyFields> {
  const stamp = keyStamp(mapping);
  const { fields } = await salesforce.describe(mapping.source.object, signal);
  const has = new Set(fields.map(({ name }) => name));
  return new Map<string, KeyColumn>([
    ['Id', 'source_id'],
    ...(stamp === null ? [] : [[stamp, 'stamp'] as const]),
    // Some objects keep no deleted records, and few can be merged.
    ...(has.has('IsDeleted') ? [['IsDeleted', 'deleted'] as const] : []),
    ...(has.has('MasterRecordId') ? [['MasterRecordId', 'master_id'] as const] : []),
  ]);
}

/** As the database takes them. */
function keysOfWhereabouts(found: readonly Whereabouts[]): OrgKeys {
  return { csv: found.map(lineOf).join(''), columns: ['source_id', 'stamp', 'deleted', 'master_id'], mayRepeat: false };
}

function lineOf({ id, stamp, reason, masterId }: Whereabouts): string {
  return `${id},${stamp},${String(reason !== 'left_filter')},${masterId ?? ''}\n`;
}
