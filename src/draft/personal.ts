import type { FieldDescription, ObjectDescription } from '../salesforce/describe.ts';
import { snakeName } from './names.ts';

/** Objects whose records are people, or households of them. */
const PEOPLE = new Set(['contact', 'lead', 'user', 'account', 'individual']);
/** Personal whatever the object, and whatever the type. */
const WORDS = words(
  'age allergies allergy birth birthdate birthday citizenship dietary disability disabled dob ethnic ethnicity gender gpa',
  'grade guardian health hispanic iep immigration income language latitude lgbtq longitude lunch marital medical',
  'nationality nickname passport pronoun pronouns race racial religion salutation sex ssn veteran',
);
/** Personal where they are texts: a date of the last e-mail is not. */
const TEXT_WORDS = words('comments email emergency fax mobile notes phone street zip');
const PHRASES = /(?:^|_)(?:first_name|last_name|middle_name|full_name|postal_code|social_security|student_id)(?:_|$)/u;
/** Only of people: a school's city is not personal, and a campaign's name neither. */
const OF_PEOPLE = words('address city description name state suffix title');
const TEXTS = new Set(['string', 'textarea', 'combobox', 'picklist', 'encryptedstring']);

function words(...lists: string[]): ReadonlySet<string> {
  return new Set(lists.join(' ').split(' '));
}

/** Whether each record of the object is a person, or names one. */
export function isAboutPeople({ name, fields }: Pick<ObjectDescription, 'name' | 'fields'>): boolean {
  const has = (field: string): boolean => fields.some((one) => one.name === field);
  return PEOPLE.has(name.toLowerCase()) || (has('FirstName') && has('LastName'));
}

/** Whether a field looks personal. It errs on the side of yes: a column that is marked is only never shown. */
export function looksPersonal(field: FieldDescription, aboutPeople: boolean): boolean {
  if (field.type === 'email' || field.type === 'phone') return true;
  const name = snakeName(field.name);
  const parts = name.split('_');
  const isText = TEXTS.has(field.type);
  return (
    parts.some((part) => WORDS.has(part) || (isText && TEXT_WORDS.has(part))) ||
    PHRASES.test(name) ||
    (aboutPeople && isText && parts.some((part) => OF_PEOPLE.has(part)))
  );
}
