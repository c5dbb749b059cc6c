import { CONTACT } from '../schema/contact.ts';
import { accountBlocks, accountId } from './accounts.ts';
import { pick, place } from './chance.ts';
import type { Column, Draw, Generated } from './generated.ts';
import type { Sizes } from './sizes.ts';
import { stampColumns } from './stamps.ts';
import { studentColumns } from './students.ts';
import { FIRST_NAMES, LAST_NAMES, PLACES } from './words.ts';

/** Contacts stand in blocks: students, teachers, volunteers. */
export function contacts(sizes: Sizes, draw: Draw): Generated {
  const students = studentColumns(sizes, (purpose, index) => draw(purpose + 300, index));
  const adults = adultColumns(sizes, (purpose, index) => draw(purpose + 400, index));
  const columns: Record<string, Column> = {};
  for (const name of new Set([...Object.keys(students), ...Object.keys(adults)])) {
    const student = students[name] ?? none;
    const adult = adults[name] ?? none;
    columns[name] = (index) => (index < sizes.students ? student(index) : adult(index));
  }
  return {
    schema: CONTACT,
    count: sizes.students + sizes.teachers + sizes.volunteers,
    columns: { ...stampColumns((purpose, index) => draw(purpose + 500, index)), ...columns, Contact_Type__c: typeOf },
  };

  function typeOf(index: number): string | null {
    if (index < sizes.students) return 'Student';
    if (index < sizes.students + sizes.teachers) return 'Teacher';
    // `Contact_Type__c = ''` means null, and some volunteers are only that.
    return index % 3 === 0 ? null : 'Volunteer';
  }
}

const none: Column = () => null;

function adultColumns(sizes: Sizes, draw: Draw): Record<string, Column> {
  const blocks = accountBlocks(sizes);
  const workplaces = blocks.end - blocks.others;
  return {
    FirstName: (index) => pick(draw(1, index), FIRST_NAMES),
    LastName: (index) => pick(draw(2, index), LAST_NAMES),
    Email: (index) => `adult.${String(index)}@work.example`,
    Title: (index) => pick(draw(3, index), ['Engineer', 'Nurse', 'Baker', 'Teacher', null]),
    Department: (index) => pick(draw(4, index), ['Science', 'Arts', 'Mathematics', null]),
    MailingStreet: (index) => `${String(1 + (draw(5, index) % 900))} ${pick(draw(6, index), PLACES)} Street`,
    MailingCity: (index) => pick(draw(7, index), PLACES),
    MailingState: (index) => pick(draw(8, index), ['KS', 'MO']),
    MailingPostalCode: (index) => String(64_000 + (draw(9, index) % 200)),
    npsp__Primary_Affiliation__c: (index) => {
      const teaches = index < sizes.students + sizes.teachers;
      if (teaches) return sizes.schools === 0 ? null : accountId(place(draw(10, index), sizes.schools));
      return workplaces === 0 ? null : accountId(blocks.others + place(draw(10, index), workplaces));
    },
  };
}
