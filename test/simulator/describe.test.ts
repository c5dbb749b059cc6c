import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startOrg, type Org } from '../../src/simulator/org.ts';
import { API, signIn, type OrgClient } from './org-client.ts';

let org: Org;
let client: OrgClient;

beforeAll(async () => {
  org = await startOrg({ students: 10, schools: 2 });
  client = await signIn(org);
});
afterAll(async () => {
  await org.close();
});

async function fieldsOf(object: string): Promise<Map<string, Record<string, unknown>>> {
  const body = (await (await client.get(`${API}/sobjects/${object}/describe`)).json()) as {
    fields: Record<string, unknown>[];
  };
  return new Map(body.fields.map((field) => [String(field['name']), field]));
}

describe('objects', () => {
  it('are listed, and described with fields, parts of compounds and lookups', async () => {
    const list = (await (await client.get(`${API}/sobjects`)).json()) as { sobjects: { name: string }[] };
    const response = await client.get(`${API}/sobjects/contact/describe`);
    const body = (await response.json()) as { fields: { name: string }[]; keyPrefix: string };
    const field = (name: string): unknown => body.fields.find((one) => one.name === name);

    expect(list.sobjects.map((object) => object.name)).toEqual([
      'Account',
      'Class__c',
      'Contact',
      'npe5__Affiliation__c',
      'Session__c',
      'Session_Participant__c',
      'Task',
      'EmailMessage',
      'Case',
      'Pathway__c',
      'Pathway_Session__c',
      'Pathway_Participant__c',
      'Campaign',
      'CampaignMember',
    ]);
    expect(body.keyPrefix).toBe('003');
    expect(field('MailingCity')).toMatchObject({ type: 'string', compoundFieldName: 'MailingAddress', length: 40 });
    expect(field('AccountId')).toMatchObject({
      type: 'reference',
      referenceTo: ['Account'],
      relationshipName: 'Account',
    });
    expect(field('Gender__c')).toMatchObject({
      picklistValues: expect.arrayContaining([{ value: 'Male', label: 'Male', active: true, defaultValue: false }]),
    });
    const since = response.headers.get('last-modified') ?? '';
    expect((await client.get(`${API}/sobjects/Contact/describe`, { 'if-modified-since': since })).status).toBe(304);
    expect((await client.get(`${API}/sobjects/Nothing__c/describe`)).status).toBe(404);
  });
});

describe('a description', () => {
  it('names every object that a polymorphic lookup can lead to', async () => {
    const task = await fieldsOf('Task');
    const message = await fieldsOf('EmailMessage');

    expect(task.get('WhoId')).toMatchObject({ referenceTo: ['Contact', 'Lead'], polymorphicForeignKey: true });
    expect(message.get('RelatedToId')).toMatchObject({
      referenceTo: ['Account', 'Campaign', 'Case', 'Contact', 'Session__c'],
      relationshipName: 'RelatedTo',
    });
    expect(message.get('ParentId')).toMatchObject({ referenceTo: ['Case'], polymorphicForeignKey: false });
  });

  it('tells formulas, roll-ups, counters and amounts of money', async () => {
    const campaign = await fieldsOf('Campaign');
    const session = await fieldsOf('Session__c');
    const affiliation = await fieldsOf('npe5__Affiliation__c');

    expect(campaign.get('AmountAllOpportunities')).toMatchObject({ type: 'currency', calculated: true, scale: 2 });
    expect(campaign.get('NumberOfContacts')).toMatchObject({ type: 'int', calculated: true, updateable: false });
    expect(campaign.get('ParentId')).toMatchObject({ referenceTo: ['Campaign'], relationshipName: 'Parent' });
    expect(session.get('Registration_Link__c')).toMatchObject({ calculated: true, htmlFormatted: true, length: 1300 });
    expect(affiliation.get('Name')).toMatchObject({ autoNumber: true, createable: false });
    expect(affiliation.get('npe5__Contact__c')).toMatchObject({
      referenceTo: ['Contact'],
      relationshipName: 'npe5__Contact__r',
    });
  });
});
