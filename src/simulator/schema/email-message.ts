import { field, flag, longText, lookup, picklist, SYSTEM_FIELDS, text } from './fields.ts';
import type { ObjectSchema } from './object-schema.ts';

/** An e-mail that came in or went out. */
export const EMAIL_MESSAGE: ObjectSchema = {
  name: 'EmailMessage',
  label: 'Email Message',
  keyPrefix: '02s',
  fields: [
    ...SYSTEM_FIELDS,
    lookup('ParentId', 'Case', 'Parent', { childrenName: 'EmailMessages' }),
    lookup('RelatedToId', ['Account', 'Campaign', 'Case', 'Contact', 'Session__c'], 'RelatedTo', {
      childrenName: 'Emails',
    }),
    lookup('ActivityId', 'Task', 'Activity', { childrenName: 'EmailMessages' }),
    text('Subject', 3000),
    longText('TextBody', 131_072),
    field('HtmlBody', 'textarea', { length: 131_072, html: true }),
    field('MessageDate', 'datetime'),
    text('FromName', 1000),
    field('FromAddress', 'email', { length: 1000 }),
    text('ToAddress', 4000),
    text('CcAddress', 4000),
    text('BccAddress', 4000),
    flag('Incoming'),
    flag('HasAttachment'),
    // Numbers as texts: 0 New, 1 Read, 2 Replied, 3 Sent, 4 Forwarded, 5 Draft.
    picklist('Status', ['0', '1', '2', '3', '4', '5']),
    text('MessageIdentifier', 765),
    text('ThreadIdentifier', 765),
  ],
};
