import { field, flag, longText, lookup, picklist, SYSTEM_FIELDS } from './fields.ts';
import type { ObjectSchema } from './object-schema.ts';

/** Something that staff did for, or noted about, a person. */
export const TASK: ObjectSchema = {
  name: 'Task',
  label: 'Task',
  keyPrefix: '00T',
  fields: [
    ...SYSTEM_FIELDS,
    lookup('WhoId', ['Contact', 'Lead'], 'Who', { childrenName: 'Tasks' }),
    lookup('WhatId', ['Account', 'Campaign', 'Case', 'Session__c'], 'What', { childrenName: 'Tasks' }),
    field('Subject', 'combobox', { picklist: ['Call', 'Email', 'Send Letter', 'Send Quote', 'Other'] }),
    field('ActivityDate', 'date'),
    picklist('Status', ['Not Started', 'In Progress', 'Completed', 'Waiting on someone else', 'Deferred']),
    picklist('Priority', ['High', 'Normal', 'Low']),
    picklist('Type', ['Call', 'Email', 'Meeting', 'Status_Update', 'Other']),
    longText('Description', 32_000),
    field('IsClosed', 'boolean', { nillable: false, writable: false }),
    flag('IsReminderSet'),
  ],
};
