import { describe, expect, it } from '@jest/globals';
import { sizesOf } from '../../src/simulator/data/sizes.ts';
import { orgOf } from './tried-org.ts';

/** As small as an org of the tests is. */
const SMALL = { students: 300, scale: 300 / 145_266 };
const org = orgOf(SMALL);

const VOLUNTEERS = "WHERE (Contact_Type__c = 'Volunteer' OR Contact_Type__c = '')";
const EVENTS = "WHERE Session_Status__c != 'Draft' AND Session_Type__c != 'Connector Session'";

function valuesOf(field: string, from: string): unknown[] {
  return org.rows(`SELECT ${field} FROM ${from}`).map((row) => row[field]);
}

/** Whether a value, as text, is like this; null is like null. */
function isLike(value: unknown, pattern: RegExp | null): boolean {
  if (value === null || pattern === null) return value === pattern;
  return pattern.test(typeof value === 'string' ? value : JSON.stringify(value));
}

function isInCapitals(name: unknown): boolean {
  return typeof name === 'string' && name.length > 1 && /\p{L}/u.test(name) && name === name.toUpperCase();
}

describe('volunteers', () => {
  it.each([
    ['FirstName', null],
    ['FirstName', /^[A-Z-]{5,}$/],
    ['FirstName', /^ /],
    ['LastName', null],
    ['LastName', /^O'M/],
    ['Title', /.{51}/],
    ['Department', /.{51}/],
    ['Gender__c', /^Non-binary$/],
    ['Gender__c', /^unicorn$/],
    ['Racial_Ethnic_Background__c', /AggregateResult/],
    ['Racial_Ethnic_Background__c', /^Bi-racial\/Multi-racial\/Multicultural$/],
    ['Racial_Ethnic_Background__c', /^partly caucasian$/],
    ['Racial_Ethnic_Background__c', /^Martian$/],
    ['Racial_Ethnic_Background__c', null],
    ['Highest_Level_of_Educational__c', /^ MASTERS $/],
    ['Highest_Level_of_Educational__c', /^GED$/],
    ['Highest_Level_of_Educational__c', /^School of life$/],
    ['Age_Group__c', /^65\+$/],
    ['Age_Group__c', /^75 and over$/],
    ['Birthdate', /^2031/],
    ['Birthdate', /^0001/],
    ['Number_of_Attended_Volunteer_Sessions__c', /^-/],
    ['Number_of_Attended_Volunteer_Sessions__c', /^many$/],
    ['Number_of_Attended_Volunteer_Sessions__c', /\.0$/],
    ['Volunteer_Skills__c', /;/],
    ['Volunteer_Skills__c', /,/],
    ['Volunteer_Skills_Text__c', /\.\.\.$/],
    ['Volunteer_Interests__c', /;.*;/],
    ['Description', /<p>.*&nbsp;/],
    ['Description', /\0/],
    ['Volunteer_Recruitment_Notes__c', /\r\n/],
    ['npe01__Preferred_Email__c', /^WORK$/],
    ['npe01__Preferred_Email__c', null],
    ['npe01__PreferredPhone__c', /^MOBILE$/],
    ['npe01__Work_Address__c', /,.*,.*,.*,/],
    ['npe01__Work_Address__c', /\n/],
    ['npe01__Primary_Address_Type__c', /^home$/],
    ['Email', /^[^@]*$/],
    ['Phone', /.{41}/],
    ['DoNotCall', /true/],
    ['EmailBouncedDate', /^2030/],
    ['Connector_User_ID__c', /^\d+$/],
  ])('have honest dirt in %s: %s', (field, pattern) => {
    const values = valuesOf(field, `Contact ${VOLUNTEERS}`);

    expect(values.some((value) => isLike(value, pattern))).toBe(true);
  });

  it('have the same address in two fields, in other capitals', () => {
    const rows = org.rows(`SELECT Email, npe01__HomeEmail__c FROM Contact ${VOLUNTEERS} AND Email != null`);
    const same = rows.filter(
      (row) => row['Email'] !== row['npe01__HomeEmail__c'] && lower(row['Email']) === lower(row['npe01__HomeEmail__c']),
    );

    expect(same.length).toBeGreaterThan(0);
  });

  it('share an address with somebody else', () => {
    const mails = valuesOf('Email', `Contact ${VOLUNTEERS} AND Email != null`);

    expect(new Set(mails).size).toBeLessThan(mails.length);
  });

  it('have a country and no address, and then an address is there all the same', () => {
    const rows = org.rows(
      `SELECT MailingAddress FROM Contact ${VOLUNTEERS} AND MailingCountry != null AND MailingCity = null AND MailingState = null`,
    );

    expect(rows[0]?.['MailingAddress']).toEqual({
      street: null,
      city: null,
      state: null,
      postalCode: null,
      country: 'United States',
    });
  });

  it('are 103 in capitals at full size', () => {
    const all = orgOf().rows(`SELECT FirstName, LastName FROM Contact ${VOLUNTEERS}`);

    expect(all.filter((row) => isInCapitals(row['FirstName']) || isInCapitals(row['LastName']))).toHaveLength(103);
  });
});

describe('teachers', () => {
  it('lack a first name or a last one in a few rows, and belong to schools that are gone', () => {
    const names = org.rows("SELECT FirstName, LastName FROM Contact WHERE Contact_Type__c = 'Teacher'");
    const nameless = names.filter((row) => lower(row['FirstName']) === '' || lower(row['LastName']) === '');

    expect(nameless).toHaveLength(sizesOf(SMALL).namelessTeachers);
    expect(
      org.count(
        'Contact',
        "Contact_Type__c = 'Teacher' AND npsp__Primary_Affiliation__c != null AND npsp__Primary_Affiliation__r.Id = null",
      ),
    ).toBeGreaterThan(0);
  });
});

describe('organizations', () => {
  it.each([
    ['Description', /.{256}/],
    ['Description', /<b>/],
    ['BillingStreet', /\n/],
    ['BillingCountry', /^Canada$/],
    ['LastActivityDate', /^4000/],
    ['Type', /no list has/],
    ['Name', /.{255}/],
  ])('have honest dirt in %s: %s', (field, pattern) => {
    const values = valuesOf(field, "Account WHERE Type NOT IN ('Household', 'School District', 'School')");

    expect(values.some((value) => isLike(value, pattern))).toBe(true);
  });
});

describe('affiliations', () => {
  it.each([
    ['npe5__Status__c', null],
    ['npe5__Status__c', /^PAST$/],
    ['npe5__Status__c', /^Inactive$/],
    ['npe5__Role__c', /./],
    ['npe5__StartDate__c', null],
    ['npe5__EndDate__c', /^\d{4}-/],
  ])('have honest dirt in %s: %s', (field, pattern) => {
    const values = valuesOf(field, 'npe5__Affiliation__c');

    expect(values.some((value) => isLike(value, pattern))).toBe(true);
  });

  it('mostly have no role, and name schools, districts, households and accounts that are gone', () => {
    const toType = (type: string): number =>
      org.count('npe5__Affiliation__c', `npe5__Organization__r.Type = '${type}'`);

    expect(
      org.count('npe5__Affiliation__c', 'npe5__Role__c = null') / org.count('npe5__Affiliation__c'),
    ).toBeGreaterThan(0.95);
    expect([toType('School'), toType('School District'), toType('Household')].every((count) => count > 0)).toBe(true);
    expect(org.count('npe5__Affiliation__c', 'npe5__Organization__c = null')).toBeGreaterThan(0);
  });

  it('stand twice as a past one and the current one', () => {
    const rows = org.rows(
      "SELECT npe5__Contact__c, npe5__Organization__c, npe5__Status__c FROM npe5__Affiliation__c WHERE npe5__Contact__r.Contact_Type__c = 'Volunteer' AND npe5__Status__c IN ('Past', 'Current')",
    );
    const statuses = new Map<string, Set<unknown>>();
    for (const row of rows) {
      const key = `${String(row['npe5__Contact__c'])} ${String(row['npe5__Organization__c'])}`;
      statuses.set(key, (statuses.get(key) ?? new Set()).add(row['npe5__Status__c']));
    }

    expect([...statuses.values()].filter((both) => both.size === 2).length).toBeGreaterThan(0);
  });
});

describe('sessions', () => {
  it.each([
    ['Name', null],
    ['Name', /^ {3}$/],
    ['Session_Type__c', null],
    ['Session_Type__c', /^Robotics Expo$/],
    ['Session_Type__c', /^Historical, Not Yet Updated$/],
    ['Session_Type__c', /^BFI$/],
    ['Format__c', /^Hybrid$/],
    ['Session_Status__c', null],
    ['Session_Status__c', /^(?:Successfully Completed|Teacher Cancelation|Rescheduled)$/],
    ['Session_Status__c', /^Simulcast$/],
    ['Start_Date_and_Time__c', null],
    ['Start_Date_and_Time__c', /^2030-09-03T05:30/],
    ['End_Date_and_Time__c', null],
    ['Cancellation_Reason__c', /^Inclement Weather Cancellation$/],
    ['Non_Scheduled_Students_Count__c', /^-5$/],
    ['Total_Requested_Volunteer_Jobs__c', /^-/],
    ['Available_Slots__c', /^plenty$/],
    ['Session_Host__c', null],
    ['Registration_Link__c', /<a href="https:/],
    ['Registration_Link__c', /<A HREF=/],
    ['Registration_Link__c', /href='https:/],
    ['Requested_Skills__c', /;/],
    ['Legacy_Skill_Covered_for_the_Session__c', /^"PWY-/],
    ['Description__c', /&nbsp;/],
    ['District__c', /^ .* $/],
    ['District__c', /^[^a-z]+$/],
  ])('have honest dirt in %s: %s', (field, pattern) => {
    const values = valuesOf(field, `Session__c ${EVENTS}`);

    expect(values.some((value) => isLike(value, pattern))).toBe(true);
  });

  it('name districts by their names, by aliases and by names that nobody knows', () => {
    const full = orgOf();
    const texts = new Set(full.rows('SELECT District__c FROM Session__c').map((row) => row['District__c']));

    for (const text of ['Kansas City Kansas Public Schools', 'KCKPS', 'Hickman Mills', 'District of Elsewhere'])
      expect(texts.has(text)).toBe(true);
    const aliased = full.count(
      'Account',
      "Type = 'School District' AND Name IN ('Kansas City Kansas Public Schools', 'Kansas City Public Schools (MO)', 'Hickman Mills School District', 'Grandview School District', 'Center School District', 'Allen Village - District')",
    );
    expect(aliased).toBe(6);
  });

  it('are named by nobody when no import can take them', () => {
    const broken =
      "(Session__r.Name = '' OR Session__r.Start_Date_and_Time__c = null OR Session__r.Non_Scheduled_Students_Count__c < 0 OR Session__r.Session_Status__c IN ('Successfully Completed', 'Teacher Cancelation', 'Rescheduled'))";

    expect(org.count('Session_Participant__c', `Session__r.Id != null AND ${broken}`)).toBe(0);
  });
});

describe('participants', () => {
  it.each([
    ['Status__c', null],
    ['Status__c', /^No Show$/],
    ['Status__c', /^Successfully Completed$/],
    ['Delivery_Hours__c', null],
    ['Delivery_Hours__c', /^0$/],
    ['Delivery_Hours__c', /^-1$/],
    ['Delivery_Hours__c', /^1\.25$/],
    ['Session__c', null],
    ['Contact__c', null],
    ['Title__c', /.{101}/],
    ['Email__c', /^ {2}SHOUTING/],
  ])('have honest dirt in %s: %s', (field, pattern) => {
    const values = valuesOf(field, 'Session_Participant__c');

    expect(values.some((value) => isLike(value, pattern))).toBe(true);
  });

  it('of unaffiliated sessions lead to districts', () => {
    const led = org.count(
      'Session_Participant__c',
      "Participant_Type__c = 'Student' AND Session__r.Id != null AND Session__r.School__c = null AND Session__r.District__c = null AND Session__r.Parent_Account__c = null AND Contact__r.npsp__Primary_Affiliation__r.Type = 'School'",
    );

    expect(led).toBeGreaterThan(0);
  });
});

describe('history', () => {
  it('has tasks of volunteers, teachers and students, of leads, of nobody, and of people who are gone', () => {
    const of = (type: string): number =>
      org.count('Task', `WhoId IN (SELECT Id FROM Contact WHERE Contact_Type__c = '${type}')`);
    const who = valuesOf('WhoId', 'Task').map(String);

    expect(['Volunteer', 'Teacher', 'Student'].every((type) => of(type) > 0)).toBe(true);
    expect(who.some((id) => id.startsWith('00Q'))).toBe(true);
    expect(who.some((id) => id.startsWith('0038Q'))).toBe(true);
    expect(who).toContain('null');
    expect(org.count('Task', 'WhatId IN (SELECT Id FROM Session__c)')).toBeGreaterThan(0);
  });

  it('has messages whose contact is told by To, by From, by the id of a contact or of a case, and by nothing', () => {
    const contacts = new Set(valuesOf('Id', 'Contact'));
    const mails = new Set(valuesOf('Email', "Contact WHERE Contact_Type__c != 'Student' AND Email != null").map(lower));
    const contactOfCase = new Map(
      org.rows('SELECT Id, ContactId FROM Case').map((row) => [row['Id'], row['ContactId']]),
    );
    const waysTold = org
      .rows('SELECT ToAddress, FromAddress, RelatedToId FROM EmailMessage WHERE RelatedToId != null')
      .map((row) => {
        if (
          String(row['ToAddress'])
            .split(',')
            .some((mail) => mails.has(lower(mail)))
        )
          return 'to';
        if (mails.has(lower(row['FromAddress']))) return 'from';
        if (contacts.has(row['RelatedToId'])) return 'contact';
        return contacts.has(contactOfCase.get(row['RelatedToId'])) ? 'case' : 'nothing';
      });

    expect(new Set(waysTold)).toEqual(new Set(['to', 'from', 'contact', 'case', 'nothing']));
    expect(org.count('EmailMessage', 'RelatedToId IN (SELECT Id FROM Account)')).toBeGreaterThan(0);
  });
});

describe('every lookup', () => {
  // The few ids that lead nowhere have the letters of an instance that is not this one.
  it('leads to a row, or to an id that was never given here', () => {
    const lost: string[] = [];
    for (const table of org.data.tables) {
      for (const field of table.schema.fields) {
        const targets = (field.referenceTo ?? []).flatMap((name) => org.data.table(name) ?? []);
        if (targets.length === 0) continue;
        for (const id of valuesOf(field.name, table.schema.name)) {
          if (typeof id !== 'string' || id.slice(3, 5) === '8Q' || id.startsWith('00Q')) continue;
          if (targets.every((target) => target.indexOf(id) < 0)) lost.push(`${table.schema.name}.${field.name} ${id}`);
        }
      }
    }

    expect(lost).toEqual([]);
  });
});

function lower(text: unknown): string {
  return typeof text === 'string' ? text.trim().toLowerCase() : '';
}
