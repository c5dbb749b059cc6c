import { address, field, longText, lookup, picklist, SYSTEM_FIELDS, text } from './fields.ts';
import type { ObjectSchema } from './object-schema.ts';

/** Schools, districts, households and other organizations. */
export const ACCOUNT: ObjectSchema = {
  name: 'Account',
  label: 'Account',
  keyPrefix: '001',
  fields: [
    ...SYSTEM_FIELDS,
    lookup('MasterRecordId', 'Account', 'MasterRecord'),
    text('Name', 255, { nillable: false }),
    picklist('Type', [
      'School',
      'School District',
      'Household',
      'Nonprofit Organization',
      'Business',
      'Foundation',
      'College or University',
      'Government',
      'Faith Community',
    ]),
    lookup('ParentId', 'Account', 'Parent', { childrenName: 'ChildAccounts' }),
    ...address('Billing'),
    field('Phone', 'phone'),
    field('Website', 'url'),
    longText('Description', 32_000),
    field('LastActivityDate', 'date', { writable: false }),
    text('School_Code_External_ID__c', 40),
    text('Connector_Account_Name__c', 255),
  ],
};
