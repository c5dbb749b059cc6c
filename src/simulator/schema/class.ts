import { field, lookup, SYSTEM_FIELDS, text } from './fields.ts';
import type { ObjectSchema } from './object-schema.ts';

/** A class of one school and one year. */
export const CLASS: ObjectSchema = {
  name: 'Class__c',
  label: 'Class',
  keyPrefix: 'a0C',
  fields: [
    ...SYSTEM_FIELDS,
    text('Name', 80, { nillable: false }),
    lookup('School__c', 'Account', 'School__r'),
    field('Class_Year_Number__c', 'double'),
  ],
};
