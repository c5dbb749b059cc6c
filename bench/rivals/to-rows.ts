import type { OrgStudent } from './read-org.ts';

type Row = Record<string, unknown>;

/** The rows of one student, but for the contact's id, which is known only after its insert. */
export interface Rows {
  readonly contact: Row;
  readonly student: Row;
  readonly email: Row | null;
  readonly phone: Row | null;
}

const GENDERS: Readonly<Record<string, string>> = {
  male: 'male',
  female: 'female',
  'non-binary': 'non_binary',
  'non binary': 'non_binary',
  'prefer not to say': 'prefer_not_to_say',
  na: 'prefer_not_to_say',
  other: 'other',
};

const NAME_LENGTH = 50;
const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;

/**
 * The mapping of students as a script does it.
 * @param classes  Salesforce ids of the classes that exist
 * @returns null for a student that the database would refuse
 */
export function toRows(record: OrgStudent, classes: ReadonlySet<string>): Rows | null {
  const firstName = trimmed(record.FirstName);
  const lastName = trimmed(record.LastName);
  if (firstName === null || lastName === null) return null;
  if (firstName.length > NAME_LENGTH || lastName.length > NAME_LENGTH) return null;
  const grade = record.Current_Grade__c;
  const email = trimmed(record.Email);
  const number = trimmed(record.Phone);
  return {
    contact: {
      type: 'student',
      salesforce_individual_id: record.Id,
      salesforce_account_id: record.AccountId,
      first_name: firstName,
      last_name: lastName,
      middle_name: trimmed(record.MiddleName)?.slice(0, 50) ?? null,
      birthdate: record.Birthdate,
      gender: GENDERS[record.Gender__c?.toLowerCase() ?? ''] ?? null,
    },
    student: {
      student_id: trimmed(record.Local_Student_ID__c)?.slice(0, 50) ?? null,
      current_grade: grade !== null && Number.isInteger(grade) && grade >= 0 && grade <= 12 ? grade : null,
      legacy_grade: trimmed(record.Legacy_Grade__c)?.slice(0, 50) ?? null,
      racial_ethnic: trimmed(record.Racial_Ethnic_Background__c)?.slice(0, 100) ?? null,
      class_salesforce_id: record.Class__c !== null && classes.has(record.Class__c) ? record.Class__c : null,
    },
    email: email !== null && EMAIL.test(email) ? { email: email.toLowerCase(), type: 'personal', primary: true } : null,
    phone: number === null ? null : { number, type: 'personal', primary: true },
  };
}

function trimmed(value: string | null): string | null {
  const text = value?.replaceAll('\u0000', '').trim() ?? '';
  return text === '' ? null : text;
}
