import { describe, expect, it } from '@jest/globals';
import { sizesOf } from '../../src/simulator/data/sizes.ts';
import { toId18 } from '../../src/simulator/ids.ts';
import { Records } from '../../src/simulator/records.ts';
import type { Value } from '../../src/simulator/schema/object-schema.ts';
import { orgOf } from './tried-org.ts';

function lastNames(seed: number): Value[] {
  return orgOf({ students: 200 }, seed).students('LastName');
}

const STUDENT = "Contact_Type__c = 'Student'";

describe('the org at full size', () => {
  const org = orgOf();

  it('has the students and schools of the nonprofit, and their proportions', () => {
    expect(org.count('Contact', STUDENT)).toBe(145_266);
    expect(org.count('Account', "Type = 'School'")).toBe(178);
    expect(org.count('Account', "Type = 'School District'")).toBe(24);
    expect(org.count('Class__c', 'Id != null')).toBe(1200);
    expect(org.count('Contact', `${STUDENT} AND npsp__Primary_Affiliation__c = null`)).toBe(116_999);
    expect(org.count('Contact', `${STUDENT} AND npsp__Primary_Affiliation__r.Type = 'School'`)).toBe(27_771);
    expect(
      org.count(
        'Contact',
        `${STUDENT} AND npsp__Primary_Affiliation__c != null AND npsp__Primary_Affiliation__r.Id = null`,
      ),
    ).toBe(496);
  });

  it('names 23 schools that are not there, unevenly, by ids that look right', () => {
    const groups = org.rows(
      `SELECT npsp__Primary_Affiliation__c school, COUNT(Id) n FROM Contact WHERE ${STUDENT} AND npsp__Primary_Affiliation__c != null AND npsp__Primary_Affiliation__r.Id = null GROUP BY npsp__Primary_Affiliation__c ORDER BY COUNT(Id) DESC`,
    );

    expect(groups).toHaveLength(23);
    expect(Number(groups[0]?.['n'])).toBeGreaterThan(5 * Number(groups[22]?.['n']));
    for (const { school } of groups) expect(toId18(String(school).slice(0, 15))).toBe(school);
  });

  it('has about as many e-mails, phones and classes as the real one', () => {
    const share = (field: string): number => org.count('Contact', `${STUDENT} AND ${field} != null`) / 145_266;

    expect(share('Email')).toBeCloseTo(0.6, 1);
    expect(share('Phone')).toBeCloseTo(0.45, 1);
    expect(share('Class__c')).toBeCloseTo(0.7, 1);
    expect(org.count('Contact', `${STUDENT} AND Class__c != null AND Class__r.Id = null`)).toBeGreaterThan(0);
  });

  it('breaks twelve classes and orphans a few schools', () => {
    expect(org.count('Class__c', 'Class_Year_Number__c = null')).toBe(7);
    expect(org.count('Class__c', 'Name = null')).toBe(2);
    expect(org.count('Class__c', 'School__r.Id = null')).toBe(3);
    expect(org.count('Account', "Type = 'School' AND ParentId = null")).toBeGreaterThan(0);
    expect(org.count('Account', "Type = 'School' AND ParentId != null AND Parent.Id = null")).toBeGreaterThan(0);
  });

  it('holds other accounts and contacts, some without a type', () => {
    expect(org.count('Account', "Type NOT IN ('School', 'School District')")).toBeGreaterThan(100);
    expect(org.count('Account', 'Type = null')).toBeGreaterThan(0);
    expect(org.count('Contact', "Contact_Type__c = 'Teacher'")).toBeGreaterThan(1000);
    expect(org.count('Contact', 'Contact_Type__c = null')).toBeGreaterThan(0);
  });
});

describe('students', () => {
  const org = orgOf({ students: 4000 });
  const names = [...org.students('FirstName'), ...org.students('LastName')].map(String);

  it('always have names that fit', () => {
    expect(names.every((name) => name.trim() !== '' && name.length <= 50)).toBe(true);
  });

  it.each([
    ['FirstName', /\p{Script=Han}/u],
    ['FirstName', /\u0308/],
    ['FirstName', /\p{Emoji_Presentation}/u],
    ['LastName', /\p{Script=Hebrew}/u],
    ['FirstName', /"/],
    ['LastName', /,/],
    ['FirstName', /^ .* $/],
    ['MiddleName', /\n/],
    ['Racial_Ethnic_Background__c', /\r\n/],
    ['MiddleName', /.{51}/],
    ['Racial_Ethnic_Background__c', /.{101}/],
    ['Local_Student_ID__c', /.{51}/],
    ['MiddleName', /^=/],
    ['Local_Student_ID__c', /^\+/],
    ['Racial_Ethnic_Background__c', /^@/],
    ['MiddleName', /\0/],
    ['Email', /^[^@]*$/],
    ['Phone', /.{21}/],
    ['Birthdate', /^0001-/],
    ['Birthdate', /^4000-/],
    ['Current_Grade__c', /^13$/],
    ['Current_Grade__c', /^-1$/],
    ['Gender__c', /^NA$/],
    ['npsp__Primary_Affiliation__c', /^.{15}$/],
  ])('have honest dirt in %s: %s', (field, pattern) => {
    expect(org.students(field).some((value) => value !== null && pattern.test(String(value)))).toBe(true);
  });

  it('share an e-mail with a sibling, or are the same person twice', () => {
    const [first, email, born] = ['FirstName', 'Email', 'Birthdate'].map((field) => org.students(field));

    expect(first?.[602]).toBe(first?.[601]);
    expect(born?.[602]).toBe(born?.[601]);
    expect(email?.[702]).toBe(email?.[701]);
  });

  it('are broken in the share that is asked for', () => {
    const broken = orgOf({ students: 4000, badStudents: 0.01 });
    const [first = [], last = []] = ['FirstName', 'LastName'].map((field) => broken.students(field));
    const bad = first.filter((name, index) => name === '' || last[index] === '' || String(last[index]).length > 50);

    expect(bad).toHaveLength(40);
  });
});

describe('the seed', () => {
  it('decides every value', () => {
    expect(lastNames(1)).toEqual(lastNames(1));
    expect(lastNames(1)).not.toEqual(lastNames(2));
  });

  it.each([{ students: 0 }, { students: 1, schools: 1 }, { students: 7, schools: 0 }, { scale: 0.01 }, { classes: 0 }])(
    'gives an org of any size: %o',
    (options) => {
      const { data, count } = orgOf(options);
      const records = new Records(data, { now: () => new Date(), onChange: () => undefined });

      expect(count('Contact', STUDENT)).toBe(sizesOf(options).students);
      for (const { schema } of data.tables) {
        const [id] = records.find(schema.name, () => true, 1);
        expect(id === undefined || records.get(schema.name, id)?.['Id'] === id).toBe(true);
      }
    },
  );
});
