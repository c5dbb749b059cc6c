/** What the name of a field or a column gives away. A guess: a person has the last word, in the table file. */

/** What is said of a person, in whatever form: `Is_Hispanic__c` is a mark, and personal. */
const TRAITS = words(
  'age allergies allergy birth birthdate birthday born citizenship dietary disability disabled dob ethnic ethnicity',
  'gender gpa grade guardian health hispanic iep immigration income language latitude lgbtq longitude lunch marital',
  'medical nationality nickname passport pronoun pronouns race racial religion salutation sex ssn veteran',
);
/** Personal where they are written out: a mark or the time of the last e-mail is not. */
const CONTENTS = words(
  'avatar bio birthplace cell comment comments email emails emergency fax iban ip mobile note notes password phone phones',
  'photo postal postcode salary secret signature street surname telephone token username zip zipcode',
);
const PHRASES =
  /(?:^|_)(?:(?:first|last|middle|full|given|family|maiden|legal|preferred|display|user|contact|parent|nick)_?name|e_mail|address(?:_?line)?(?:_?\d)?|postal_?code|social_security(?:_number)?|(?:student|tax|national)_(?:id|number)|driver_?s?_licen[cs]e|credit_card|account_number)(?:_|$)/u;
/** Only of people: a school has a name and a city, too. */
const OF_PEOPLE = words('city description name state suffix title');

const PEOPLE = words(
  'account accounts admin admins attendee attendees child children client clients contact contacts customer customers',
  'donor donors employee employees guardian guardians household households individual individuals lead leads learner',
  'learners member members parent parents participant participants people person persons profile profiles staff student',
  'students teacher teachers user users volunteer volunteers',
);

/** In what form a value is kept: `true` or a day says less than a text. */
export type Held = 'text' | 'number' | 'mark' | 'time';

/**
 * Whether a field or column looks personal. It errs on the side of yes: what is marked so is only never shown.
 * @param name  as the org or a database spells it
 * @param ofPeople  whether its records are persons
 */
export function looksPersonal(name: string, held: Held, ofPeople: boolean): boolean {
  const parts = wordsOf(name);
  if (parts.some((part) => TRAITS.has(part))) return true;
  if (held === 'mark' || held === 'time') return false;
  if (parts.some((part) => CONTENTS.has(part)) || PHRASES.test(parts.join('_'))) return true;
  return ofPeople && held === 'text' && parts.some((part) => OF_PEOPLE.has(part));
}

/** Whether the records of an object or the rows of a table are persons, by its name. */
export function namesPeople(name: string): boolean {
  return PEOPLE.has(wordsOf(name).at(-1) ?? '');
}

/** `npe01__HomeEmail__c`, `home_email` and `Home E-Mail` are all made of words. */
function wordsOf(name: string): readonly string[] {
  const plain = name.replace(/__[a-z]{1,4}$/iu, '');
  return (plain === name ? name : plain.replace(/^[A-Za-z0-9]+__/u, ''))
    .replaceAll(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1_$2')
    .replaceAll(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1_$2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '');
}

function words(...lists: string[]): ReadonlySet<string> {
  return new Set(lists.join(' ').split(' '));
}
