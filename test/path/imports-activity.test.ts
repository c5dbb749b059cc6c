import { describe, expect, it } from '@jest/globals';
import { add, importOf, inOrg, openImports, runImports, volunteerIds } from '../support/imports.ts';
import type { Rig } from '../support/rig.ts';

const ALIASES = `INSERT INTO district_alias (alias, district_id)
  SELECT a.alias, d.id FROM (VALUES ('KCKPS', 'Kansas City Kansas Public Schools'), ('Center', 'Center School District'))
  AS a (alias, name) JOIN district d ON d.name = a.name`;

const pair = (contact: string, organization: string) =>
  `FROM volunteer_organization WHERE salesforce_volunteer_id = '${contact}' AND salesforce_org_id = '${organization}'`;
const districtsOf = (id: string) => `SELECT d.name FROM event_districts JOIN district d ON d.id = district_id
  JOIN event e ON e.id = event_id WHERE e.salesforce_id = '${id}' ORDER BY 1`;

describe('affiliations', () => {
  const TIED = ['organizations', 'districts', 'schools', 'volunteers', 'affiliations'];

  it('are one row for a volunteer and an organization, and the current one shows', async () => {
    const rig = await openImports();

    const report = await runImports(rig, TIED);

    const { counts, skipped, quarantined } = importOf(report, 'affiliations');
    expect(await rig.count('SELECT 1 FROM volunteer_organization')).toBe(counts.inserted);
    expect(skipped).toMatchObject({ student: inTies(rig, 'Student'), teacher: inTies(rig, 'Teacher') });
    expect(skipped['merged']).toBeGreaterThan(0);
    expect(quarantined).toEqual({
      'FK_NOT_FOUND volunteer_organization.organization_id': 4,
      'MISSING_REQUIRED_FIELD volunteer_organization.organization_id': 1,
    });
    const twice = new Map<string, unknown[]>();
    const ties = rig.org.records.find('npe5__Affiliation__c', () => true);
    for (const tie of ties) {
      const record = rig.org.records.get('npe5__Affiliation__c', tie);
      const key = `${String(record?.['npe5__Contact__c'])} ${String(record?.['npe5__Organization__c'])}`;
      twice.set(key, [...(twice.get(key) ?? []), record?.['npe5__Status__c']]);
    }
    for (const [key, statuses] of twice) {
      const [contact = '', organization = ''] = key.split(' ');
      if (statuses.length < 2 || !statuses.includes('Current')) continue;
      const shown = await rig.column(`SELECT status ${pair(contact, organization)}`);
      expect(shown.filter((status) => status !== 'Current')).toEqual([]);
    }
  });

  it('copy a school or a district that is no organization yet', async () => {
    const rig = await openImports();

    const { tables } = importOf(await runImports(rig, TIED), 'affiliations');

    expect(
      await rig.count(`SELECT 1 FROM organization o JOIN school s ON s.id = o.salesforce_id
      WHERE o.type = 'School' AND o.name = s.name`),
    ).toBeGreaterThan(0);
    expect(
      await rig.count(`SELECT 1 FROM organization o JOIN district d ON d.salesforce_id = o.salesforce_id
      WHERE o.type = 'District' AND o.name = d.name`),
    ).toBeGreaterThan(0);
    expect(await rig.count(`SELECT 1 FROM organization WHERE type IN ('School', 'District')`)).toBe(
      tables['organization']?.inserted,
    );
  });

  it('date by themselves what begins and what ends, and leave alone what staff have dated', async () => {
    const rig = await openImports();
    await runImports(rig, TIED);
    const [contact = ''] = await volunteerIds(rig, 1);
    const organization = add(rig, 'Account', { Name: 'Newly Founded', Type: 'Business' });
    const tie = add(rig, 'npe5__Affiliation__c', { npe5__Contact__c: contact, npe5__Organization__c: organization });
    await runImports(rig, TIED);
    const row = `SELECT concat_ws(' ', status, date_source, start_date::date = current_date, end_date::date = current_date)
      ${pair(contact, organization)}`;
    expect(await rig.column(row)).toEqual(['Current salesforce t']);

    rig.org.records.update('npe5__Affiliation__c', tie, { npe5__Status__c: 'Former' });
    await runImports(rig, TIED);
    expect(await rig.column(row)).toEqual(['Past salesforce t t']);

    await rig.database.query(
      `UPDATE volunteer_organization SET end_date = '2020-02-03' WHERE salesforce_org_id = '${organization}'`,
    );
    rig.org.records.update('npe5__Affiliation__c', tie, { npe5__Status__c: null, npe5__Role__c: 'Owner' });
    await runImports(rig, TIED);
    expect(
      await rig.column(`SELECT status || ' ' || role || ' ' || end_date::date ${pair(contact, organization)}`),
    ).toEqual(['Past Owner 2020-02-03']);
  });
});

function inTies(rig: Rig, type: string): number {
  const people = new Set(rig.org.records.find('Contact', (field) => field('Contact_Type__c') === type));
  return inOrg(rig, 'npe5__Affiliation__c', (field) => people.has(String(field('npe5__Contact__c'))));
}

describe('events', () => {
  const EVENTS = ['districts', 'schools', 'events'];
  const SOUND = {
    Name: 'Mock Interviews',
    Session_Status__c: 'Confirmed',
    Session_Type__c: 'Mentoring',
    Start_Date_and_Time__c: '2026-03-18T15:30:00.000Z',
  };

  it('are all there but the broken ones, which say why', async () => {
    const rig = await openImports();

    const { counts, quarantined } = importOf(await runImports(rig, EVENTS), 'events');

    expect(counts).toMatchObject({ quarantined: 5, inserted: counts.read - 5 });
    expect(quarantined).toEqual({
      'MISSING_REQUIRED_FIELD event.title': 2,
      'MISSING_REQUIRED_FIELD event.start_date': 1,
      'INVALID_ENUM event.status': 1,
      'OUT_OF_RANGE event.participant_count': 1,
    });
    expect(await rig.count(`SELECT 1 FROM event WHERE start_date < '2001-01-01'`)).toBe(0);
    expect(await rig.count(`SELECT 1 FROM event WHERE start_date::time <> '00:00'`)).toBeGreaterThan(100);
  });

  it('find a district by its name, by an alias that comes later, and in any capitals', async () => {
    const rig = await openImports();
    const named = add(rig, 'Session__c', { ...SOUND, District__c: ' GRANDVIEW school district ' });
    const alias = add(rig, 'Session__c', { ...SOUND, Parent_Account__c: 'kckps' });
    await runImports(rig, EVENTS);
    expect(await rig.column(districtsOf(named))).toEqual(['Grandview School District']);
    expect(await rig.column(districtsOf(alias))).toEqual([]);

    await rig.database.query(ALIASES);
    await runImports(rig, EVENTS);

    expect(await rig.column(districtsOf(alias))).toEqual(['Kansas City Kansas Public Schools']);
  });

  it('have the district of the school beside the one that is named, and keep both when neither is', async () => {
    const rig = await openImports();
    await runImports(rig, ['districts', 'schools']);
    const [school = '', own = ''] = (
      await rig.column(`SELECT s.id || '|' || d.name FROM school s JOIN district d ON d.id = s.district_id
        WHERE d.name <> 'Center School District' ORDER BY s.id LIMIT 1`)
    ).flatMap((text) => text.split('|'));
    const id = add(rig, 'Session__c', { ...SOUND, School__c: school, District__c: 'Center School District' });
    await runImports(rig, EVENTS);
    const both = ['Center School District', own].toSorted();
    expect(await rig.column(districtsOf(id))).toEqual(both);

    rig.org.records.update('Session__c', id, { School__c: null, District__c: null });
    await runImports(rig, EVENTS);
    expect(await rig.column(districtsOf(id))).toEqual(both);
    expect(await rig.column(`SELECT school FROM event WHERE salesforce_id = '${id}'`)).toEqual([school]);

    rig.org.records.update('Session__c', id, { District__c: 'Grandview School District' });
    await runImports(rig, EVENTS);
    expect(await rig.column(districtsOf(id))).toEqual(['Grandview School District']);
  });

  it('keep what staff have set, and skills that Salesforce has forgotten', async () => {
    const rig = await openImports();
    const id = add(rig, 'Session__c', {
      ...SOUND,
      Requested_Skills__c: 'PWY-Baking;Coding',
      Session_Host__c: 'Alder Works',
    });
    await runImports(rig, EVENTS);
    await rig.database.query(`UPDATE event SET cancellation_reason = 'LOW_ENROLLMENT' WHERE salesforce_id = '${id}'`);

    rig.org.records.update('Session__c', id, {
      Session_Status__c: 'Cancelled',
      Requested_Skills__c: 'Welding',
      Session_Host__c: null,
    });
    await runImports(rig, EVENTS);

    expect(
      await rig.column(
        `SELECT concat_ws(' ', status, cancellation_reason, session_host) FROM event WHERE salesforce_id = '${id}'`,
      ),
    ).toEqual(['CANCELLED LOW_ENROLLMENT Alder Works']);
    expect(
      await rig.column(`SELECT s.name FROM event_skills JOIN skill s ON s.id = skill_id JOIN event e ON e.id = event_id
        WHERE e.salesforce_id = '${id}' ORDER BY 1`),
    ).toEqual(['Coding', 'Pathway: Baking', 'Welding']);
  });
});

describe('unaffiliated events', () => {
  it('bring the Drafts that events leave out, and the districts of their students', async () => {
    const rig = await openImports();

    await runImports(rig);

    expect(await rig.count(`SELECT 1 FROM event WHERE status = 'DRAFT'`)).toBeGreaterThan(0);
    expect(await rig.count(`SELECT 1 FROM event WHERE type = 'CONNECTOR_SESSION'`)).toBeGreaterThan(0);
    const homes = `SELECT DISTINCT e.id, s.district_id FROM event e JOIN event_student_participation p ON p.event_id = e.id
      JOIN student ON student.id = p.student_id JOIN school s ON s.id = student.school_id
      WHERE e.school IS NULL AND e.district_partner IS NULL AND s.district_id IS NOT NULL`;
    expect(await rig.count(homes)).toBeGreaterThan(0);
    expect(await rig.count(`${homes} EXCEPT SELECT event_id, district_id FROM event_districts`)).toBe(0);
  });

  it('write nothing but the title of an event that is here', async () => {
    const rig = await openImports();
    const id = add(rig, 'Session__c', {
      Name: 'Planning',
      Session_Status__c: 'Draft',
      Start_Date_and_Time__c: '2026-03-18T15:30:00.000Z',
    });
    await runImports(rig, ['unaffiliated-events']);

    rig.org.records.update('Session__c', id, { Name: 'Planned', Description__c: 'New', Session_Host__c: 'Elsewhere' });
    await runImports(rig, ['unaffiliated-events']);

    expect(
      await rig.column(
        `SELECT concat_ws('|', title, description, session_host, status) FROM event WHERE salesforce_id = '${id}'`,
      ),
    ).toEqual(['Planned|PREPKC|DRAFT']);
  });
});
