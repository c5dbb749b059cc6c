import { autoNumberName, field, flag, lookup, picklist, SYSTEM_FIELDS, text } from './fields.ts';
import type { ObjectSchema } from './object-schema.ts';

/** That a person belongs, or belonged, to an organization. */
export const AFFILIATION: ObjectSchema = {
  name: 'npe5__Affiliation__c',
  label: 'Affiliation',
  keyPrefix: 'a0A',
  fields: [
    ...SYSTEM_FIELDS,
    autoNumberName('Affiliation Key'),
    lookup('npe5__Organization__c', 'Account', 'npe5__Organization__r'),
    lookup('npe5__Contact__c', 'Contact', 'npe5__Contact__r'),
    text('npe5__Role__c', 255),
    flag('npe5__Primary__c'),
    picklist('npe5__Status__c', ['Current', 'Former', 'Past', 'Pending']),
    field('npe5__StartDate__c', 'date'),
    field('npe5__EndDate__c', 'date'),
  ],
};
