import { autoNumberName, field, lookup, picklist, SYSTEM_FIELDS, text } from './fields.ts';
import type { ObjectSchema } from './object-schema.ts';

/** That a person takes part in a session. */
export const SESSION_PARTICIPANT: ObjectSchema = {
  name: 'Session_Participant__c',
  label: 'Session Participant',
  keyPrefix: 'a0P',
  fields: [
    ...SYSTEM_FIELDS,
    autoNumberName('Participant Number'),
    lookup('Session__c', 'Session__c', 'Session__r', { cascade: true }),
    lookup('Contact__c', 'Contact', 'Contact__r'),
    picklist('Participant_Type__c', ['Student', 'Volunteer']),
    picklist('Status__c', [
      'Scheduled',
      'Attended',
      'Completed',
      'Confirmed',
      'Registered',
      'No Show',
      'No-Show',
      'Cancelled',
      'Successfully Completed',
    ]),
    field('Delivery_Hours__c', 'double', { scale: 2 }),
    text('Age_Group__c', 50),
    field('Email__c', 'email'),
    text('Title__c', 128),
  ],
};
