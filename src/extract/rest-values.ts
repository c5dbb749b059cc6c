import { isMap } from '../config/is-record.ts';
import type { RestRecord } from '../salesforce/rest-query.ts';

/** Date-times as REST sends them: always UTC, without the colon or the Z that Bulk writes. */
const REST_INSTANT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?)\+0000$/;

/** Takes one field out of a record, as the text that Bulk would send. */
export type ReadField = (record: RestRecord) => string;

/**
 * @param path  as selected: `Id`, `Account.Name`; the org may write the names in another case
 */
export function fieldReader(path: string): ReadField {
  const steps = path.split('.').map(stepReader);
  return (record) => {
    let value: unknown = record;
    for (const step of steps) {
      if (!isMap(value)) return '';
      value = step(value);
    }
    return bulkText(value);
  };
}

/** Remembers the org's spelling, which is the same in every record. */
function stepReader(name: string): (record: RestRecord) => unknown {
  let spelling = name;
  return (record) => {
    if (spelling in record) return record[spelling];
    spelling = Object.keys(record).find((key) => key.toLowerCase() === name.toLowerCase()) ?? name;
    return record[spelling];
  };
}

/** Numbers come as text already, just as the org wrote them. */
function bulkText(value: unknown): string {
  if (typeof value === 'string') return value.endsWith('+0000') ? value.replace(REST_INSTANT, '$1Z') : value;
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return JSON.stringify(value);
}
