import { autoNumberName, lookup, SYSTEM_FIELDS, text } from './fields.ts';
import type { ObjectSchema } from './object-schema.ts';

/** A programme that sessions and people belong to. */
export const PATHWAY: ObjectSchema = {
  name: 'Pathway__c',
  label: 'Pathway',
  keyPrefix: 'a0W',
  fields: [...SYSTEM_FIELDS, text('Name', 80, { nillable: false })],
};

export const PATHWAY_SESSION: ObjectSchema = {
  name: 'Pathway_Session__c',
  label: 'Pathway Session',
  keyPrefix: 'a0X',
  fields: [
    ...SYSTEM_FIELDS,
    autoNumberName('Pathway Session Number'),
    lookup('Pathway__c', 'Pathway__c', 'Pathway__r', { cascade: true }),
    lookup('Session__c', 'Session__c', 'Session__r', { cascade: true }),
  ],
};

export const PATHWAY_PARTICIPANT: ObjectSchema = {
  name: 'Pathway_Participant__c',
  label: 'Pathway Participant',
  keyPrefix: 'a0Y',
  fields: [
    ...SYSTEM_FIELDS,
    autoNumberName('Pathway Participant Number'),
    lookup('Pathway__c', 'Pathway__c', 'Pathway__r', { cascade: true }),
    lookup('Contact__c', 'Contact', 'Contact__r'),
  ],
};
