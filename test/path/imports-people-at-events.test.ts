import { describe, expect, it } from '@jest/globals';
import { add, importOf, inOrg, openImports, runImports, volunteerIds } from '../support/imports.ts';

const row = (of: string) => `SELECT concat_ws(' ', status, delivery_hours, email, age_group) FROM event_participation
  WHERE salesforce_id = '${of}'`;
const words = (id: string) => `SELECT summary || ' ' || is_deleted FROM history WHERE salesforce_id = '${id}'`;

describe('event participants', () => {
  const TAKING_PART = ['volunteers', 'events', 'event-participants'];

  it('are updated, and wait for who is not here yet', async () => {
    const rig = await openImports();
    await runImports(rig, TAKING_PART);
    const [contact = ''] = await volunteerIds(rig, 1);
    const [session = ''] = await rig.column('SELECT max(salesforce_id) FROM event');
    const here = { Contact__c: contact, Session__c: session, Participant_Type__c: 'Volunteer', Status__c: 'Scheduled' };
    const id = add(rig, 'Session_Participant__c', { ...here, Email__c: 'Me@Mail.example', Age_Group__c: '25-34' });
    const newcomer = add(rig, 'Session_Participant__c', { ...here, Contact__c: '0038Q0000000001QAA' });
    const deferred = importOf(await runImports(rig, TAKING_PART), 'event-participants').counts.deferred;

    rig.org.records.insert('Contact', { LastName: 'Newcomer', Contact_Type__c: 'Volunteer' }, '0038Q0000000001QAA');
    rig.org.records.update('Session_Participant__c', id, {
      Status__c: 'Attended',
      Delivery_Hours__c: 1.5,
      Email__c: null,
      Age_Group__c: null,
    });
    const report = await runImports(rig, TAKING_PART);

    expect(await rig.column(row(id))).toEqual(['Attended 1.5 me@mail.example 25-34']);
    expect(await rig.column(row(newcomer))).toEqual(['Scheduled']);
    expect(importOf(report, 'event-participants').counts.deferred).toBe(deferred - 1);
  });

  it('are refused one by one without a status', async () => {
    const rig = await openImports();
    const stateless = inOrg(
      rig,
      'Session_Participant__c',
      (field) => field('Participant_Type__c') === 'Volunteer' && field('Status__c') === null,
    );

    const { quarantined } = importOf(await runImports(rig, TAKING_PART), 'event-participants');

    expect(quarantined['MISSING_REQUIRED_FIELD event_participation.status']).toBe(stateless);
    expect(stateless).toBeGreaterThan(0);
  });
});

describe('student participants', () => {
  it('take over the row of the same two, and update it', async () => {
    const rig = await openImports();
    const TAKING_PART = ['students', 'events', 'student-participants'];
    await runImports(rig, TAKING_PART);
    const [local = ''] = await rig.column('SELECT max(id) FROM event_student_participation');
    await rig.database.query(
      `UPDATE event_student_participation SET salesforce_id = NULL, status = 'Typed in', age_group = 'Local' WHERE id = ${local}`,
    );

    await runImports(rig, TAKING_PART, { fullRefresh: true });
    const [id = ''] = await rig.column(`SELECT salesforce_id FROM event_student_participation WHERE id = ${local}`);
    rig.org.records.update('Session_Participant__c', id, {
      Status__c: 'Attended',
      Delivery_Hours__c: 2,
      Age_Group__c: null,
    });
    await runImports(rig, TAKING_PART);

    expect(id).toMatch(/^a0P/);
    expect(
      await rig.column(
        `SELECT concat_ws(' ', status, delivery_hours) FROM event_student_participation WHERE id = ${local}`,
      ),
    ).toEqual(['Attended 2']);
    expect(
      await rig.count('SELECT 1 FROM event_student_participation GROUP BY event_id, student_id HAVING count(*) > 1'),
    ).toBe(0);
  });
});

describe('history', () => {
  const TOLD = ['teachers', 'volunteers', 'history'];

  it('tells every task of somebody who is here, and leaves out leads', async () => {
    const rig = await openImports();
    const leads = inOrg(rig, 'Task', (field) => String(field('WhoId')).startsWith('00Q'));

    const { skipped, counts } = importOf(await runImports(rig, ['students', ...TOLD]), 'history.tasks');

    expect(skipped['lead']).toBe(leads);
    expect(await rig.count(`SELECT 1 FROM history WHERE salesforce_id LIKE '00T%'`)).toBe(counts.inserted);
    expect(await rig.count('SELECT 1 FROM history WHERE activity_date IS NULL')).toBe(0);
  });

  it('finds whose an e-mail is: by address, by contact, by case, by account', async () => {
    const rig = await openImports();
    await runImports(rig, ['teachers', 'volunteers']);
    const [id = ''] = await volunteerIds(rig, 1);
    const account = add(rig, 'Account', { Name: 'Works', Type: 'Business' });
    rig.org.records.update('Contact', id, { Email: 'At.Account@works.example', AccountId: account });
    const unknown = { ToAddress: 'nobody@nowhere.example', FromAddress: 'office@prep.example', Incoming: false };
    const caseId = add(rig, 'Case', { ContactId: id });
    const messages = [
      add(rig, 'EmailMessage', {
        ...unknown,
        RelatedToId: account,
        ToAddress: 'x@nowhere.example; AT.account@WORKS.example',
      }),
      add(rig, 'EmailMessage', {
        ...unknown,
        RelatedToId: account,
        FromAddress: 'at.account@works.example',
        Incoming: true,
      }),
      add(rig, 'EmailMessage', { ...unknown, RelatedToId: id }),
      add(rig, 'EmailMessage', { ...unknown, RelatedToId: caseId }),
    ];

    await runImports(rig, TOLD);
    const whose = `SELECT c.salesforce_individual_id FROM history h JOIN contact c ON c.id = h.contact_id WHERE h.salesforce_id`;
    for (const message of messages) expect(await rig.column(`${whose} = '${message}'`)).toEqual([id]);

    // Only Salesforce knows this address: the row of it is gone here.
    await rig.database.query(`DELETE FROM email WHERE email = 'at.account@works.example'`);
    const byAccount = add(rig, 'EmailMessage', {
      ...unknown,
      RelatedToId: account,
      ToAddress: 'at.account@works.example',
    });
    const lost = add(rig, 'EmailMessage', { ...unknown, RelatedToId: account });
    const report = await runImports(rig, ['history']);
    expect(await rig.column(`${whose} = '${byAccount}'`)).toEqual([id]);
    expect(await rig.column(`${whose} = '${lost}'`)).toEqual([]);
    expect(importOf(report, 'history.emails').skipped['history.contact_id not here']).toBeGreaterThan(0);
  });

  it('follows what Salesforce changes, and never brings back what staff have deleted', async () => {
    const rig = await openImports();
    await runImports(rig, TOLD);
    const [changed = '', deleted = ''] = await rig.column(
      `SELECT salesforce_id FROM history WHERE salesforce_id LIKE '00T%' ORDER BY 1 LIMIT 2`,
    );
    await rig.database.query(
      `UPDATE history SET is_deleted = true, summary = 'Gone' WHERE salesforce_id = '${deleted}'`,
    );

    for (const id of [changed, deleted])
      rig.org.records.update('Task', id, { Subject: 'New words', ActivityDate: null });
    const report = await runImports(rig, TOLD);

    expect(await rig.column(words(changed))).toEqual(['New words false']);
    expect(await rig.column(words(deleted))).toEqual(['Gone true']);
    expect(importOf(report, 'history.tasks').skipped).toMatchObject({ left: 1 });
  });
});

describe('pathways', () => {
  it('tie events and people of any kind, once each, and wait for sides that are not here', async () => {
    const rig = await openImports();

    const report = await runImports(rig);

    for (const [mapping, table] of [
      ['pathway-sessions', 'pathway_events'],
      ['pathway-participants', 'pathway_contacts'],
    ] as const) {
      const { counts, skipped } = importOf(report, mapping);
      expect(await rig.count(`SELECT 1 FROM ${table}`)).toBe(counts.inserted);
      expect(counts.inserted + counts.deferred + (skipped['merged'] ?? 0)).toBe(counts.read);
      expect(counts.deferred).toBeGreaterThan(0);
    }
  });
});
