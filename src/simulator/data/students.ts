import { accountBlocks, accountId, missingAccountId } from './account-blocks.ts';
import { pick, place, ranksOf } from './chance.ts';
import { classId, missingClassId } from './classes.ts';
import type { Column, Draw } from './generated.ts';
import type { Value } from '../schema/object-schema.ts';
import type { Sizes } from './sizes.ts';
import { DIRT_EVERY, SIBLING_OF_PREVIOUS, STUDENT_DIRT, TWIN_OF_PREVIOUS } from './student-dirt.ts';
import { FIRST_NAMES, LAST_NAMES } from './words.ts';

/** Accounts that do not exist and that students still name. */
const MISSING_SCHOOLS = 23;

const GENDERS = ['Male', 'Female', 'Female', 'Male', 'Non-binary', 'Prefer not to say', null];
const RACES = ['White', 'Black', 'Hispanic', 'Asian', 'Two or More Races', 'Hispanic American/Latino', null, null];
const LEGACY_GRADES = ['K', '1st', '5th', '8th', '9th', '12th', 'Graduated', null, null, null];

/** The columns of students; `index` counts students from 0. */
export function studentColumns(sizes: Sizes, draw: Draw): Record<string, Column> {
  const schoolRank = ranksOf(draw(1, 0), sizes.students);
  const badRank = ranksOf(draw(2, 0), sizes.students);
  const households = accountBlocks(sizes).households;

  const named = (field: string, first: number, names: readonly string[]): Column => {
    return (index) => brokenName(field, index) ?? pick(draw(first, self(index)), names);
  };
  function brokenName(field: string, index: number): string | undefined {
    if (badRank(index) >= sizes.badStudents) return undefined;
    const way = index % 3;
    if (field === 'FirstName') return way === 0 ? '' : undefined;
    if (way === 1) return '';
    return way === 2 ? 'Overlong-'.repeat(9).slice(0, 80) : undefined;
  }
  const mailbox = (index: number): string | null => {
    const at = index % DIRT_EVERY === SIBLING_OF_PREVIOUS ? index - 1 : self(index);
    return draw(10, at) % 100 < 60 ? `student.${String(at)}@mail${String(at % 7)}.example` : null;
  };

  const columns: Record<string, Column> = {
    FirstName: named('FirstName', 3, FIRST_NAMES),
    LastName: named('LastName', 4, LAST_NAMES),
    MiddleName: (index) => (draw(5, self(index)) % 10 < 3 ? pick(draw(6, self(index)), FIRST_NAMES) : null),
    AccountId: (index) =>
      draw(7, index) % 10 < 4 && sizes.households > 0
        ? accountId(households + place(draw(8, index), sizes.households))
        : null,
    Email: mailbox,
    Phone: (index) => (draw(11, index) % 100 < 45 ? `(816) 555-${digits(draw(12, index) % 10_000, 4)}` : null),
    Birthdate: (index) => {
      const born = draw(13, self(index));
      return `${String(2004 + (born % 15))}-${digits(1 + ((born >>> 4) % 12), 2)}-${digits(1 + ((born >>> 8) % 28), 2)}`;
    },
    Gender__c: (index) => pick(draw(14, self(index)), GENDERS),
    Racial_Ethnic_Background__c: (index) => pick(draw(15, index), RACES),
    Current_Grade__c: (index) => (draw(16, index) % 20 === 0 ? null : draw(17, index) % 13),
    Legacy_Grade__c: (index) => pick(draw(18, index), LEGACY_GRADES),
    Local_Student_ID__c: (index) => (draw(19, index) % 4 === 0 ? null : `L${digits(index, 7)}`),
    npsp__Primary_Affiliation__c: (index) => {
      const rank = schoolRank(index);
      if (rank < sizes.studentsWithSchool) return schoolOf(index, rank);
      const missing = rank - sizes.studentsWithSchool;
      return missing < sizes.studentsWithMissingSchool ? missingAccountId(missingGroup(index, missing)) : null;
    },
    Class__c: (index) => {
      const random = draw(22, index);
      if (random % 10 >= 7 || sizes.classes === 0) return null;
      return random % 500 === 0 ? missingClassId(random % 5) : classId(place(draw(23, index), sizes.classes));
    },
  };
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, withDirt(name, column)]));

  /** Some old integrations wrote ids of 15 characters. */
  function schoolOf(index: number, rank: number): string {
    const id = accountId(place(draw(20, index), sizes.schools));
    return rank % 40 === 0 ? id.slice(0, 15) : id;
  }
  /** Uneven groups: each school once, then the first ones far more often than the last. */
  function missingGroup(index: number, missing: number): number {
    if (missing < MISSING_SCHOOLS) return missing;
    const random = draw(21, index) / 0x1_0000_0000;
    return Math.floor(random * random * MISSING_SCHOOLS);
  }
  function withDirt(field: string, column: Column): Column {
    const dirt: (Value | undefined)[] = Array.from({ length: DIRT_EVERY }, (_, at) => STUDENT_DIRT[at]?.[field]);
    if (dirt.every((value) => value === undefined)) return column;
    if (field !== 'FirstName' && field !== 'LastName') return (index) => dirt[index % DIRT_EVERY] ?? column(index);
    return (index) => brokenName(field, index) ?? dirt[index % DIRT_EVERY] ?? column(index);
  }
}

/** Whose draws a student uses: its own, or those of the one before it that it repeats. */
function self(index: number): number {
  return index % DIRT_EVERY === TWIN_OF_PREVIOUS ? index - 1 : index;
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
