import { field, longText, lookup, picklist, SYSTEM_FIELDS, text } from './fields.ts';
import type { ObjectSchema } from './object-schema.ts';

/** A request that somebody answers. */
export const CASE: ObjectSchema = {
  name: 'Case',
  label: 'Case',
  keyPrefix: '500',
  fields: [
    ...SYSTEM_FIELDS,
    lookup('MasterRecordId', 'Case', 'MasterRecord'),
    text('CaseNumber', 30, { autoNumber: true, nillable: false, writable: false }),
    lookup('ContactId', 'Contact', 'Contact'),
    lookup('AccountId', 'Account', 'Account'),
    lookup('ParentId', 'Case', 'Parent', { childrenName: 'Cases' }),
    text('Subject', 255),
    longText('Description', 32_000),
    picklist('Status', ['New', 'Working', 'Escalated', 'Closed']),
    picklist('Origin', ['Email', 'Phone', 'Web']),
    picklist('Priority', ['High', 'Medium', 'Low']),
    field('IsClosed', 'boolean', { nillable: false, writable: false }),
    field('ClosedDate', 'datetime', { writable: false }),
  ],
};
