import type { Mapping } from '../config/mapping.ts';
import { toSalesforceId } from '../flow/salesforce-id.ts';
import type { Whereabouts } from '../flow/org-key.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import { inLists } from './in-lists.ts';
import { stampField } from './keys-query.ts';
import { fieldReader } from './rest-values.ts';

/**
 * Asks for records by their ids, whatever the mapping's filter says, also in the recycle bin: one call for 200.
 * @returns those that the org still knows; the others are purged, or nobody may see them any more
 */
export async function askWhereabouts(
  mapping: Mapping,
  ids: readonly string[],
  { salesforce, signal }: { readonly salesforce: Salesforce; readonly signal: AbortSignal },
): Promise<readonly Whereabouts[]> {
  const { object } = mapping.source;
  const stamp = stampField(mapping);
  const { fields } = await salesforce.describe(object, signal);
  const master = fields.some(({ name }) => name === MASTER) ? MASTER : null;
  const selected = ['Id', 'IsDeleted', stamp, master].filter((name) => name !== null);
  const read = {
    id: fieldReader('Id'),
    deleted: fieldReader('IsDeleted'),
    stamp: stamp === null ? nothing : fieldReader(stamp),
    master: master === null ? nothing : fieldReader(master),
  };
  const found: Whereabouts[] = [];
  for (const list of inLists(ids)) {
    const soql = `SELECT ${selected.join(', ')} FROM ${object} WHERE Id IN ${list}`;
    for await (const { records } of salesforce.restQuery({ soql, includeDeleted: true }, signal)) {
      for (const record of records) {
        const masterId = toSalesforceId(read.master(record));
        const gone = masterId === null ? 'deleted' : 'merged';
        const reason = read.deleted(record) === 'true' ? gone : 'left_filter';
        found.push({ id: toSalesforceId(read.id(record)) ?? '', reason, masterId, stamp: read.stamp(record) });
      }
    }
  }
  return found;
}

/** Only objects that can be merged have it. */
const MASTER = 'MasterRecordId';

const nothing = (): string => '';
