import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startOrg, type Org } from '../../src/simulator/org.ts';
import { API, errorOf, signIn, type OrgClient } from './org-client.ts';

let org: Org;
let client: OrgClient;
let now = new Date('2026-07-01T08:00:00Z');

beforeAll(async () => {
  org = await startOrg({ students: 20, schools: 2, now: () => now });
  client = await signIn(org);
});
afterAll(async () => {
  await org.close();
});

function person(name: string, more: Record<string, string> = {}): string {
  return org.records.insert('Contact', { LastName: name, ...more });
}

async function control(path: string, body: unknown): Promise<Response> {
  return fetch(`${org.url}/simulator/${path}`, { method: 'POST', body: JSON.stringify(body) });
}

async function refusal(change: unknown): Promise<unknown> {
  return errorOf(await control('changes', change));
}

function between(from: string, until: string): string {
  return `start=${from}:00Z&end=${until}:00Z`;
}

describe('a merge', () => {
  it('puts the losers into the bin with their master, and leads their children to the winner', async () => {
    const [winner, loser, other] = [person('Winner'), person('Loser'), person('Other')];
    const task = org.records.insert('Task', { WhoId: loser.slice(0, 15), Subject: 'Call' });
    const binned = org.records.insert('Task', { WhoId: loser, Subject: 'Call' });
    org.records.remove('Task', binned);
    const untouched = org.records.insert('Task', { WhoId: other, Subject: 'Call' });
    now = new Date('2026-07-02T08:00:00Z');
    org.records.merge('Contact', winner, [loser], { values: { FirstName: 'Of both' } });

    const { records } = await client.queryAll('SELECT Id, IsDeleted FROM Contact WHERE MasterRecordId != null');
    expect(records).toMatchObject([{ Id: loser, IsDeleted: true }]);
    expect(org.records.get('Contact', loser)).toMatchObject({ MasterRecordId: winner, SystemModstamp: now.getTime() });
    expect(org.records.get('Contact', winner)).toMatchObject({ FirstName: 'Of both', SystemModstamp: now.getTime() });
    expect(org.records.get('Task', task)).toMatchObject({ WhoId: winner, SystemModstamp: now.getTime() });
    expect(org.records.get('Task', binned)).toMatchObject({ WhoId: loser });
    expect(org.records.get('Task', untouched)).toMatchObject({ WhoId: other });
  });

  it('leaves a chain when the winner loses the next one', () => {
    const [first, second, third] = [person('First'), person('Second'), person('Third')];
    org.records.merge('Contact', second, [first]);
    org.records.merge('Contact', third, [second]);

    expect(org.records.get('Contact', first)).toMatchObject({ MasterRecordId: second });
    expect(org.records.get('Contact', second)).toMatchObject({ MasterRecordId: third });
  });

  it('is undone for the loser alone: its children stay where they are', () => {
    const [winner, loser] = [person('Winner'), person('Loser')];
    const task = org.records.insert('Task', { WhoId: loser });
    org.records.merge('Contact', winner, [loser]);
    org.records.undelete('Contact', loser);

    expect(org.records.get('Contact', loser)).toMatchObject({ IsDeleted: false, MasterRecordId: null });
    expect(org.records.get('Task', task)).toMatchObject({ WhoId: winner });
  });

  it('is refused for what cannot be merged', () => {
    const id = person('Alone');

    expect(() => org.records.merge('Task', id, [])).toThrow('cannot be merged');
    expect(() => org.records.merge('Contact', id, [id])).toThrow('into itself');
  });
});

describe('a late commit', () => {
  it('appears under the stamp of the instant when its transaction began', async () => {
    const id = person('Late');
    org.records.update('Contact', id, { FirstName: 'Too' }, { stamp: '2026-06-30T23:59:30.700Z' });
    const late = org.records.insert('Contact', { LastName: 'Also' }, undefined, { stamp: Date.UTC(2026, 5, 30) });

    const stamps = `SELECT SystemModstamp FROM Contact WHERE Id IN ('${id}', '${late}') ORDER BY SystemModstamp`;
    expect((await client.query(stamps)).records).toMatchObject([
      { SystemModstamp: '2026-06-30T00:00:00.000+0000' },
      { SystemModstamp: '2026-06-30T23:59:30.000+0000' },
    ]);
    expect(org.records.get('Contact', late)).toMatchObject({ CreatedDate: Date.UTC(2026, 5, 30) });
    expect(() => org.records.update('Contact', id, {}, { stamp: 'soon' })).toThrow('ISO date-time');
  });
});

describe('a formula', () => {
  it('changes under a stamp that stays', () => {
    const id = org.records.insert('Session__c', { Name: 'Fair' });
    const before = org.records.get('Session__c', id);
    now = new Date('2026-07-03T08:00:00Z');
    org.records.touchFormula('Session__c', id, { Available_Slots__c: '7' });

    expect(org.records.get('Session__c', id)).toEqual({ ...before, Available_Slots__c: '7' });
    expect(() => org.records.touchFormula('Session__c', id, { Name: 'Fare' })).toThrow('no formula');
  });
});

describe('a deletion', () => {
  it('leaves children as they are, unless it is told otherwise', () => {
    const session = org.records.insert('Session__c', { Name: 'Kept children' });
    const detail = org.records.insert('Session_Participant__c', { Session__c: session });
    org.records.remove('Session__c', session);

    expect(org.records.get('Session_Participant__c', detail)).toMatchObject({ IsDeleted: false, Session__c: session });
  });

  it('takes details along and empties other lookups, and undeleting brings the details back', () => {
    const campaign = org.records.insert('Campaign', { Name: 'Gala' });
    const contact = person('Guest');
    const detail = org.records.insert('CampaignMember', { CampaignId: campaign, ContactId: contact });
    const earlier = org.records.insert('CampaignMember', { CampaignId: campaign });
    org.records.remove('CampaignMember', earlier);
    const task = org.records.insert('Task', { WhatId: campaign });
    now = new Date('2026-07-04T08:00:00Z');
    org.records.remove('Campaign', campaign, { details: true, clearLookups: true });

    expect(org.records.get('CampaignMember', detail)).toMatchObject({ IsDeleted: true, SystemModstamp: now.getTime() });
    expect(org.records.get('Task', task)).toMatchObject({ WhatId: null, SystemModstamp: now.getTime() });
    org.records.undelete('Campaign', campaign);
    expect(org.records.get('CampaignMember', detail)).toMatchObject({ IsDeleted: false, CampaignId: campaign });
    expect(org.records.get('CampaignMember', earlier)).toMatchObject({ IsDeleted: true });
    expect(org.records.get('Task', task)).toMatchObject({ WhatId: null });
  });

  it('over REST takes details along, as describe says', async () => {
    const session = org.records.insert('Session__c', { Name: 'Gone' });
    const detail = org.records.insert('Session_Participant__c', { Session__c: session });
    await client.send('DELETE', `${API}/sobjects/Session__c/${session}`);
    const described = await (await client.get(`${API}/sobjects/Session__c/describe`)).json();

    expect(org.records.get('Session_Participant__c', detail)).toMatchObject({ IsDeleted: true });
    expect(described).toMatchObject({
      childRelationships: expect.arrayContaining([
        expect.objectContaining({ childSObject: 'Session_Participant__c', cascadeDelete: true }),
        expect.objectContaining({ childSObject: 'Task', cascadeDelete: false }),
      ]),
    });
  });

  it('is final when the bin is emptied', async () => {
    const [kept, gone] = [person('Kept'), person('Gone')];
    org.records.remove('Contact', gone);
    expect(org.records.find('Contact', (field) => field('LastName') === 'Gone', 1, 'bin')).toEqual([gone]);
    org.records.emptyBin();

    expect(org.records.get('Contact', gone)).toBeNull();
    expect((await client.queryAll('SELECT Id FROM Contact WHERE IsDeleted = true')).totalSize).toBe(0);
    expect(org.records.get('Contact', kept)).not.toBeNull();
    expect(() => org.records.undelete('Contact', gone)).toThrow('does not exist');
  });
});

describe('replication', () => {
  it('tells what was updated and what was deleted, emptied bin or not', async () => {
    now = new Date('2026-07-10T08:00:30Z');
    const [changed, gone] = [person('Changed'), person('Gone')];
    const back = person('Back');
    org.records.remove('Contact', gone);
    org.records.purge('Contact', gone);
    org.records.remove('Contact', back);
    org.records.undelete('Contact', back);
    now = new Date('2026-07-10T09:00:00Z');

    const window = between('2026-07-10T08:00', '2026-07-10T12:00');
    expect(await (await client.get(`${API}/sobjects/Contact/updated?${window}`)).json()).toEqual({
      ids: [changed, back],
      latestDateCovered: '2026-07-10T09:00:00.000+0000',
    });
    expect(await (await client.get(`${API}/sobjects/Contact/deleted?${window}`)).json()).toEqual({
      deletedRecords: [{ id: gone, deletedDate: '2026-07-10T08:00:30.000+0000' }],
      earliestDateAvailable: '2026-06-25T09:00:00.000+0000',
      latestDateCovered: '2026-07-10T09:00:00.000+0000',
    });
  });

  it('forgets deletions when the log was trimmed', async () => {
    org.records.deletions.trim(Date.UTC(2026, 6, 10, 8, 30));
    const window = between('2026-07-10T08:00', '2026-07-10T09:00');

    expect(await (await client.get(`${API}/sobjects/Contact/deleted?${window}`)).json()).toMatchObject({
      deletedRecords: [],
      earliestDateAvailable: '2026-07-10T08:30:00.000+0000',
    });
  });

  it.each([
    ['no dates', ''],
    ['less than a minute', between('2026-07-10T08:00', '2026-07-10T08:00')],
    ['more than 30 days', between('2026-05-10T08:00', '2026-07-10T08:00')],
  ])('refuses %s', async (_, window) => {
    expect(await errorOf(await client.get(`${API}/sobjects/Contact/updated?${window}`))).toMatchObject({
      status: 400,
      errorCode: 'INVALID_REPLICATION_DATE',
    });
  });
});

describe('changes over HTTP', () => {
  it('are made one by one or together, without signing in', async () => {
    const inserted = await control('changes', { kind: 'insert', object: 'Contact', values: { LastName: 'By hand' } });
    const { ids } = (await inserted.json()) as { ids: [string] };
    const twin = person('Twin');
    const together = await control('changes', {
      changes: [
        { kind: 'update', object: 'Contact', id: ids[0], values: { FirstName: 'Curl' }, stamp: '2026-01-01T00:00:00Z' },
        { kind: 'merge', object: 'Contact', winner: ids[0], losers: [twin] },
        { kind: 'undelete', object: 'Contact', id: twin },
        { kind: 'remove', object: 'Contact', id: twin },
        { kind: 'purge', object: 'Contact', id: twin },
        { kind: 'emptyBin', object: 'Task' },
      ],
    });

    expect(together.status).toBe(200);
    expect(org.records.get('Contact', ids[0])).toMatchObject({ LastName: 'By hand', FirstName: 'Curl' });
    expect(org.records.get('Contact', twin)).toBeNull();
  });

  it('are refused with the reason', async () => {
    expect(await refusal({ kind: 'explode' })).toMatchObject({ status: 400, errorCode: 'INVALID_CHANGE' });
    expect(await refusal({ kind: 'purge', object: 'Contact' })).toMatchObject({ message: 'purge needs object, id' });
    expect(await refusal({ kind: 'purge', object: 'Nothing__c', id: '1' })).toMatchObject({ status: 404 });
  });
});
