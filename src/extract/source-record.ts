import { hash } from 'node:crypto';
import { toSalesforceId } from '../flow/salesforce-id.ts';
import type { SourceRecord } from '../flow/source-batch.ts';

/**
 * Makes a record of its values.
 * @param raw  the record as a line of the Bulk CSV, without its line break
 * @param broken  its bytes were not valid UTF-8
 */
export type MakeRecord = (values: readonly string[], raw: string, broken: boolean) => SourceRecord;

const HASH_DIGITS = 32;

/**
 * @param fields  selected paths; SOQL does not mind their case
 * @param version  of the mapping: when it changes, so does every hash
 */
export function recordMaker(fields: readonly string[], version: string): MakeRecord {
  const names = fields.map((field) => field.toLowerCase());
  const idAt = names.indexOf('id');
  const stampAt = names.indexOf('systemmodstamp');
  // Of one length and short, because it is hashed again with every record.
  const salt = hash('sha256', version, 'hex').slice(0, HASH_DIGITS);
  return (values, raw, broken) => {
    // Each shape of object is made in one place only: all whole records share one hidden class.
    const record = {
      id: toSalesforceId(values[idAt] ?? '') ?? '',
      values,
      hash: hash('sha256', salt + raw, 'hex').slice(0, HASH_DIGITS),
      stamp: values[stampAt] ?? '',
    };
    return broken ? { ...record, broken } : record;
  };
}
