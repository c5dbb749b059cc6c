import { describe, expect, it } from '@jest/globals';
import { unaccounted } from '../../src/flow/counts.ts';
import { firstInOrg, importOf, inOrg, openImports, runImports } from '../support/imports.ts';
import type { Rig } from '../support/rig.ts';

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';

type Field = (name: string) => unknown;

const type = (wanted: unknown) => (field: Field) => field('Contact_Type__c') === wanted;
const taking = (wanted: string) => (field: Field) => field('Participant_Type__c') === wanted;

/** What a run has changed in the tables, by mapping; empty when it has changed nothing. */
function changes(report: Awaited<ReturnType<typeof runImports>>): string[] {
  return report.steps.flatMap(({ mapping, tables }) =>
    Object.entries(tables).flatMap(([table, { inserted, updated, deleted }]) =>
      inserted + updated + deleted > 0 ? [`${mapping} ${table} +${inserted} ~${updated} -${deleted}`] : [],
    ),
  );
}

describe('all imports of the nonprofit', () => {
  it('account for every record, and write nothing the second time', async () => {
    const rig = await openImports();

    const first = await runImports(rig);
    const second = await runImports(rig);
    const whole = await runImports(rig, [], { fullRefresh: true });

    for (const { steps } of [first, second, whole]) {
      expect(steps.map(({ counts }) => unaccounted(counts)).filter((lost) => lost !== 0)).toEqual([]);
    }
    expect(changes(second)).toEqual([]);
    expect(changes(whole)).toEqual([]);
  });

  it('read what the org has', async () => {
    const rig = await openImports();

    const report = await runImports(rig);

    const read = Object.fromEntries(report.steps.map(({ mapping, counts }) => [mapping, counts.read]));
    expect(read).toMatchObject({
      organizations: inOrg(rig, 'Account', (field) => {
        return !['School', 'School District', 'Household'].includes(String(field('Type')));
      }),
      districts: inOrg(rig, 'Account', (field) => field('Type') === 'School District'),
      schools: inOrg(rig, 'Account', (field) => field('Type') === 'School'),
      'school-levels': 13,
      classes: inOrg(rig, 'Class__c', () => true),
      teachers: inOrg(rig, 'Contact', type('Teacher')),
      volunteers: inOrg(rig, 'Contact', type('Volunteer')) + inOrg(rig, 'Contact', type(null)),
      affiliations: inOrg(rig, 'npe5__Affiliation__c', () => true),
      events: inOrg(
        rig,
        'Session__c',
        (field) => field('Session_Status__c') !== 'Draft' && field('Session_Type__c') !== 'Connector Session',
      ),
      'unaffiliated-events': inOrg(rig, 'Session__c', (field) =>
        ['School__c', 'District__c', 'Parent_Account__c'].every((name) => field(name) === null),
      ),
      'event-participants': inOrg(rig, 'Session_Participant__c', taking('Volunteer')),
      'student-participants': inOrg(rig, 'Session_Participant__c', taking('Student')),
      'history.tasks': inOrg(rig, 'Task', (field) => field('WhoId') !== null),
      'history.emails': inOrg(rig, 'EmailMessage', (field) => field('RelatedToId') !== null),
      pathways: inOrg(rig, 'Pathway__c', () => true),
      'pathway-sessions': inOrg(rig, 'Pathway_Session__c', () => true),
      'pathway-participants': inOrg(rig, 'Pathway_Participant__c', () => true),
    });
  });
});

describe('organizations', () => {
  it('are there without a type, too, as Other, and told', async () => {
    const rig = await openImports();
    const untyped = inOrg(rig, 'Account', (field) => field('Type') === null);

    const report = await runImports(rig, ['organizations']);

    expect(await rig.count(`SELECT 1 FROM organization WHERE type = 'Other'`)).toBe(untyped);
    expect(importOf(report, 'organizations').warnings).toEqual({ 'RULE_FAILED null_org_type': untyped });
  });

  it('keep the last activity when Salesforce forgets it, and nothing else', async () => {
    const rig = await openImports();
    const id = firstInOrg(rig, 'Account', (field) => isText(field('LastActivityDate')) && isText(field('BillingCity')));
    await runImports(rig, ['organizations']);

    rig.org.records.update('Account', id, { LastActivityDate: null, BillingCity: null, Description: null });
    await runImports(rig, ['organizations']);

    const kept = `SELECT 1 FROM organization WHERE salesforce_id = '${id}' AND last_activity_date IS NOT NULL
      AND billing_city IS NULL AND description IS NULL`;
    expect(await rig.count(kept)).toBe(1);
  });
});

describe('schools', () => {
  const SCHOOLS = ['districts', 'schools'];

  it('take over the one that staff made under their name, with all that refers to it', async () => {
    const rig = await openImports();
    await runImports(rig, ['schools', 'teachers']);
    const name = 'Orchard Academy';
    const id = firstInOrg(rig, 'Account', (field) => field('Name') === name && field('Type') === 'School');
    await rig.database.query(`DELETE FROM school WHERE id = '${id}'`);
    await rig.database.query(`INSERT INTO school (id, name) VALUES ('VRT-7', upper('${name}'))`);
    await rig.database.query(`INSERT INTO school_alias (alias, school_id) VALUES ('The Orchard', 'VRT-7')`);
    await rig.database.query(`UPDATE teacher SET school_id = 'VRT-7' WHERE id = (SELECT min(id) FROM teacher)`);

    await runImports(rig, SCHOOLS, { fullRefresh: true });

    expect(await rig.column(`SELECT id FROM school WHERE lower(name) = lower('${name}') AND id = '${id}'`)).toEqual([
      id,
    ]);
    expect(await rig.count(`SELECT 1 FROM school WHERE id = 'VRT-7'`)).toBe(0);
    expect(await rig.column('SELECT school_id FROM school_alias')).toEqual([id]);
    expect(await rig.column('SELECT school_id FROM teacher WHERE id = (SELECT min(id) FROM teacher)')).toEqual([id]);
  });

  it('stay two when Salesforce has two of one name', async () => {
    const rig = await openImports();
    const named = inOrg(
      rig,
      'Account',
      (field) => field('Type') === 'School' && field('Name') === 'Orchard High School',
    );

    await runImports(rig, SCHOOLS);
    await runImports(rig, SCHOOLS, { fullRefresh: true });

    expect(named).toBeGreaterThan(1);
    expect(await rig.count(`SELECT 1 FROM school WHERE name = 'Orchard High School'`)).toBe(named);
  });

  it('get their level from the list, and keep it from Salesforce', async () => {
    const rig = await openImports();

    const report = await runImports(rig, ['schools', 'school-levels']);
    await runImports(rig, ['schools'], { fullRefresh: true });

    expect(importOf(report, 'school-levels').counts).toMatchObject({
      read: 13,
      updated: 11,
      skipped: 1,
      quarantined: 1,
    });
    expect(importOf(report, 'school-levels').quarantined).toEqual({ PARENT_NOT_FOUND: 1 });
    expect(await rig.count('SELECT 1 FROM school WHERE level IS NOT NULL')).toBe(11);
  });
});

describe('teachers', () => {
  it('become contact and teacher, but for those without a name', async () => {
    const rig = await openImports();
    const nameless = inOrg(
      rig,
      'Contact',
      (field) => field('Contact_Type__c') === 'Teacher' && !(isText(field('FirstName')) && isText(field('LastName'))),
    );

    const { counts, quarantined } = importOf(await runImports(rig, ['teachers']), 'teachers');

    expect(counts).toMatchObject({ quarantined: nameless, inserted: counts.read - nameless });
    expect(Object.keys(quarantined).every((code) => code.startsWith('MISSING_REQUIRED_FIELD contact.'))).toBe(true);
    expect(await rig.count(`SELECT 1 FROM teacher WHERE status = 'ACTIVE' AND active`)).toBe(counts.inserted);
  });

  it('get a new primary address beside the old one, and keep what is the app’s', async () => {
    const rig = await openImports();
    const id = firstInOrg(
      rig,
      'Contact',
      (field) => field('Contact_Type__c') === 'Teacher' && /^teacher\.\d+@/.test(String(field('Email'))),
    );
    await runImports(rig, ['teachers']);
    const of = `(SELECT id FROM contact WHERE salesforce_individual_id = '${id}')`;
    await rig.database.query(`UPDATE teacher SET status = 'RETIRED', active = false WHERE id = ${of}`);

    rig.org.records.update('Contact', id, {
      Email: 'New.Address@school.example',
      Gender__c: null,
      Department: 'Music',
    });
    await runImports(rig, ['teachers']);

    expect(await rig.column(`SELECT email FROM email WHERE contact_id = ${of} AND "primary"`)).toEqual([
      'new.address@school.example',
    ]);
    expect(await rig.count(`SELECT 1 FROM email WHERE contact_id = ${of}`)).toBe(2);
    expect(
      await rig.column(`SELECT status || ' ' || active || ' ' || department FROM teacher WHERE id = ${of}`),
    ).toEqual(['RETIRED false Music']);
  });
});

async function volunteer(rig: Rig): Promise<{ readonly id: string; readonly of: string }> {
  const id = firstInOrg(
    rig,
    'Contact',
    (field) =>
      field('Contact_Type__c') === 'Volunteer' && isText(field('Email')) && isText(field('Volunteer_Skills_Text__c')),
  );
  return { id, of: `(SELECT id FROM contact WHERE salesforce_individual_id = '${id}')` };
}

describe('volunteers', () => {
  it('all get a row, and at most one primary of each kind', async () => {
    const rig = await openImports();

    const { counts } = importOf(await runImports(rig, ['volunteers']), 'volunteers');

    expect(counts).toMatchObject({ quarantined: 0, inserted: counts.read });
    for (const table of ['email', 'phone', 'address']) {
      const twice = `SELECT 1 FROM ${table} WHERE "primary" GROUP BY contact_id HAVING count(*) > 1`;
      expect(await rig.count(twice)).toBe(0);
    }
    expect(await rig.count('SELECT 1 FROM address GROUP BY contact_id, type HAVING count(*) > 1')).toBe(0);
    expect(await rig.count('SELECT 1 FROM email GROUP BY contact_id, email HAVING count(*) > 1')).toBe(0);
    expect(await rig.count(`SELECT 1 FROM volunteer WHERE organization_name LIKE '001%'`)).toBe(0);
  });

  it('keep what Salesforce no longer says, where it must not take it away', async () => {
    const rig = await openImports();
    const { id, of } = await volunteer(rig);
    rig.org.records.update('Contact', id, {
      Gender__c: 'Female',
      Racial_Ethnic_Background__c: 'Asian',
      Age_Group__c: '25-34',
      Highest_Level_of_Educational__c: 'PhD',
      Volunteer_Interests__c: 'Arts',
      Title: 'Baker',
    });
    await runImports(rig, ['volunteers']);
    const skills = await rig.count(`SELECT 1 FROM volunteer_skills WHERE volunteer_id = ${of}`);

    rig.org.records.update('Contact', id, {
      Gender__c: null,
      Racial_Ethnic_Background__c: 'Martian',
      Age_Group__c: null,
      Highest_Level_of_Educational__c: null,
      Volunteer_Interests__c: null,
      Volunteer_Skills_Text__c: null,
      Volunteer_Skills__c: null,
      Title: null,
    });
    await runImports(rig, ['volunteers']);

    const [row] =
      await rig.column(`SELECT concat_ws(',', gender, race_ethnicity, age_group, education, interests, title)
      FROM contact JOIN volunteer USING (id) WHERE id = ${of}`);
    expect(row).toBe('female,asian,AGE_25_34,DOCTORATE,Arts,');
    expect(skills).toBeGreaterThan(0);
    expect(await rig.count(`SELECT 1 FROM volunteer_skills WHERE volunteer_id = ${of}`)).toBe(skills);
  });

  it('have the skills that Salesforce says, and no others', async () => {
    const rig = await openImports();
    const { id, of } = await volunteer(rig);
    await runImports(rig, ['volunteers']);

    rig.org.records.update('Contact', id, {
      Volunteer_Skills_Text__c: 'juggling; CODING',
      Volunteer_Skills__c: 'Coding;Mentoring',
    });
    await runImports(rig, ['volunteers']);

    const names = `SELECT name FROM volunteer_skills JOIN skill ON skill.id = skill_id WHERE volunteer_id = ${of} ORDER BY 1`;
    expect(await rig.column(names)).toEqual(['Coding', 'Juggling', 'Mentoring']);
  });

  it('get another primary address when they prefer it, and only one', async () => {
    const rig = await openImports();
    const { id, of } = await volunteer(rig);
    const mails = { Email: 'me@mail.example', npe01__WorkEmail__c: 'me@firm.example' };
    rig.org.records.update('Contact', id, { ...mails, npe01__Preferred_Email__c: 'Personal' });
    await runImports(rig, ['volunteers']);

    rig.org.records.update('Contact', id, { npe01__Preferred_Email__c: 'Work' });
    await runImports(rig, ['volunteers']);

    const primary = `SELECT email FROM email WHERE contact_id = ${of} AND "primary"`;
    expect(await rig.column(primary)).toEqual(['me@firm.example']);
  });

  it('are refused when they are here as teachers', async () => {
    const rig = await openImports();
    await runImports(rig, ['teachers']);
    const [id = ''] = await rig.column(`SELECT min(salesforce_individual_id) FROM contact WHERE type = 'teacher'`);

    rig.org.records.update('Contact', id, { Contact_Type__c: 'Volunteer' });
    const report = await runImports(rig, ['volunteers']);

    expect(importOf(report, 'volunteers').quarantined).toEqual({ 'DUPLICATE_RECORD contact.type': 1 });
    expect(await rig.column(`SELECT type FROM contact WHERE salesforce_individual_id = '${id}'`)).toEqual(['teacher']);
  });
});
