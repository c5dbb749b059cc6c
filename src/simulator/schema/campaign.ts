import { field, flag, formula, longText, lookup, picklist, SYSTEM_FIELDS, text } from './fields.ts';
import type { ObjectSchema } from './object-schema.ts';

/** Nobody's import reads campaigns: they are here for the first one that somebody writes. */
export const CAMPAIGN: ObjectSchema = {
  name: 'Campaign',
  label: 'Campaign',
  keyPrefix: '701',
  fields: [
    ...SYSTEM_FIELDS,
    text('Name', 80, { nillable: false }),
    lookup('ParentId', 'Campaign', 'Parent', { childrenName: 'ChildCampaigns' }),
    picklist('Type', ['Email', 'Event', 'Webinar', 'Direct Mail', 'Fundraising', 'Other']),
    picklist('Status', ['Planned', 'In Progress', 'Completed', 'Aborted']),
    field('StartDate', 'date'),
    field('EndDate', 'date'),
    flag('IsActive'),
    field('BudgetedCost', 'currency', { scale: 2 }),
    field('ActualCost', 'currency', { scale: 2 }),
    field('ExpectedRevenue', 'currency', { scale: 2 }),
    field('ExpectedResponse', 'percent', { scale: 2 }),
    field('NumberSent', 'double'),
    longText('Description', 32_000),
    formula('NumberOfContacts', 'int', { nillable: false }),
    formula('NumberOfResponses', 'int', { nillable: false }),
    formula('AmountAllOpportunities', 'currency', { scale: 2, nillable: false }),
  ],
};

export const CAMPAIGN_MEMBER: ObjectSchema = {
  name: 'CampaignMember',
  label: 'Campaign Member',
  keyPrefix: '00v',
  fields: [
    ...SYSTEM_FIELDS,
    lookup('CampaignId', 'Campaign', 'Campaign', { cascade: true }),
    lookup('ContactId', 'Contact', 'Contact', { cascade: true }),
    lookup('LeadId', 'Lead', 'Lead'),
    picklist('Status', ['Planned', 'Sent', 'Opened', 'Responded', 'Attended']),
    formula('HasResponded', 'boolean', { nillable: false }),
    field('FirstRespondedDate', 'date', { writable: false }),
  ],
};
