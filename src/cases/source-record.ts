import type { MappingCase } from '../config/mapping-case.ts';
import type { Source } from '../config/source.ts';
import { toSalesforceId } from '../flow/salesforce-id.ts';
import type { SourceBatch } from '../flow/source-batch.ts';

/** The record of a case as the source would send it, in a batch of its own. */
export function sourceBatchOf({ record }: MappingCase, source: Source, number: number): SourceBatch {
  const id = madeUpId(source.object, number);
  const isId = (field: string): boolean => (source.file === null ? field === 'Id' : source.file.id.includes(field));
  const textOf = (field: string): string => {
    const value = record.get(field);
    // Only where nothing is said: a case may be about a record without an id.
    return value === undefined && isId(field) ? id : (value ?? '');
  };
  const values = source.fields.map(textOf);
  return {
    slice: { kind: 'file', ordinal: 1, job: null, locator: null },
    fields: source.fields,
    records: [{ id: idOf(source, textOf), values, hash: '', stamp: '' }],
    last: true,
  };
}

function idOf({ file }: Source, textOf: (field: string) => string): string {
  if (file === null) return toSalesforceId(textOf('Id')) ?? '';
  const parts = file.id.map((field) => toSalesforceId(textOf(field)) ?? textOf(field).trim());
  return parts.every((part) => part === '') ? '' : parts.join('|');
}

/** The first letters of the ids of objects that rules may tell apart by them. */
const PREFIXES: Readonly<Record<string, string>> = {
  Account: '001',
  Contact: '003',
  Opportunity: '006',
  Lead: '00Q',
  Task: '00T',
  Event: '00U',
  EmailMessage: '02s',
  Case: '500',
  Campaign: '701',
  CampaignMember: '00v',
};

/** A valid id of 18 characters, the same in every run. */
function madeUpId(object: string, number: number): string {
  return toSalesforceId(`${PREFIXES[object] ?? 'a00'}000000${String(number).padStart(6, '0')}`) ?? '';
}
