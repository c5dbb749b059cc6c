import { accountBlocks, accountId, missingAccountId } from './account-blocks.ts';
import { inTurn, pick, place, ranksOf } from './chance.ts';
import { dayText, startOfYear } from './days.ts';
import { withDirt, type Dirt } from './dirt.ts';
import type { Column, Draw } from './generated.ts';
import type { Sizes } from './sizes.ts';
import { FIRST_NAMES, LAST_NAMES } from './words.ts';

const DEPARTMENTS = ['Science', 'Arts', 'Mathematics', 'English', 'Social Studies', 'Counseling', null, null];
const GENDERS = ['Female', 'Male', 'female', 'Non-binary', 'Non binary', 'GENDERFLUID', 'Other', 'unicorn', null];
/** A first or last name that is none, in every way that one meets. */
const NO_NAMES = ['', '   ', null];

/** One teacher in `DIRT_EVERY` has each of these; all of them become a row. */
const DIRT_EVERY = 60;
const DIRT: Dirt = {
  2: { FirstName: '  Nadia ', LastName: ' Ekwueme\t' },
  5: { Department: 'Career and Technical Education, Family and Consumer Sciences' },
  9: { Email: '  Shouting.Teacher@SCHOOL.example ' },
  13: { Email: 'not an address' },
  17: { Phone: '(816) 555-0188 ext. 4411, ask for the lab' },
  21: { Phone: '   ' },
  25: { FirstName: 'HECTOR', LastName: 'SANDOVAL' },
  29: { FirstName: '小龙', LastName: '欧阳' },
  33: { Last_Email_Message__c: '4000-12-31' },
  37: { Last_Mailchimp_Email_Date__c: '0001-01-01' },
  41: { npsp__Primary_Affiliation__c: missingAccountId(4000) },
  45: { npsp__Primary_Affiliation__c: null },
  49: { LastName: "D'Angelo-Weiß" },
  53: { Department: '' },
};

/** The columns of teachers; `index` counts teachers from 0. */
export function teacherColumns(sizes: Sizes, draw: Draw): Record<string, Column> {
  const blocks = accountBlocks(sizes);
  const nameless = ranksOf(draw(1, 0), Math.max(1, sizes.teachers));

  const columns: Record<string, Column> = {
    Contact_Type__c: () => 'Teacher',
    AccountId: (index) =>
      draw(2, index) % 3 > 0 && sizes.households > 0
        ? accountId(blocks.households + place(draw(3, index), sizes.households))
        : null,
    FirstName: (index) => pick(draw(4, index), FIRST_NAMES),
    LastName: (index) => pick(draw(5, index), LAST_NAMES),
    // Every twelfth address was written in capitals somewhere; they are still different ones.
    Email: (index) => {
      const mail = `teacher.${String(index)}@school${String(index % 9)}.example`;
      return draw(6, index) % 20 === 0 ? null : index % 12 === 7 ? mail.toUpperCase() : mail;
    },
    Phone: (index) =>
      draw(7, index) % 4 === 0 ? null : `(913) 555-${String(draw(8, index) % 10_000).padStart(4, '0')}`,
    Title: (index) => (draw(9, index) % 3 === 0 ? null : 'Teacher'),
    Department: (index) => inTurn(index, DEPARTMENTS),
    Gender__c: (index) => inTurn(index, GENDERS),
    npsp__Primary_Affiliation__c: (index) =>
      sizes.schools === 0 ? null : accountId(place(draw(10, index), sizes.schools)),
    Last_Email_Message__c: (index) =>
      draw(11, index) % 3 === 0 ? null : dayText(startOfYear(2022) + (draw(12, index) % 1500)),
    Last_Mailchimp_Email_Date__c: (index) =>
      draw(13, index) % 2 === 0 ? null : dayText(startOfYear(2022) + (draw(14, index) % 1500)),
  };
  return { ...withDirt(columns, DIRT_EVERY, DIRT), FirstName: named('FirstName', 0), LastName: named('LastName', 1) };

  /** The nameless ones lack the first name or the last one in turn. */
  function named(field: 'FirstName' | 'LastName', turn: number): Column {
    const column = withDirt(columns, DIRT_EVERY, DIRT)[field] ?? (() => null);
    return (index) => {
      const rank = nameless(index);
      return rank < sizes.namelessTeachers && rank % 2 === turn ? inTurn(rank, NO_NAMES) : column(index);
    };
  }
}
