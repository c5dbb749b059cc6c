/** What a column's name gives away. Guesses are told in the file, and a person has the last word. */

const PERSONAL_WORDS = words(
  'age allergies allergy avatar bio birth birthdate birthday birthplace cell citizenship comment comments dietary',
  'disability disabled dob email emails emergency ethnic ethnicity fax gender guardian health hispanic iban iep',
  'immigration income ip language latitude lgbtq longitude lunch marital medical mobile nationality nickname note notes',
  'passport password phone phones photo postal postcode pronoun pronouns race racial religion salary salutation secret',
  'sex signature ssn street surname telephone token username veteran zip zipcode',
);
const PERSONAL_PHRASES =
  /(?:^|_)(?:(?:first|last|middle|full|given|family|maiden|legal|preferred|display|user|contact|parent|nick)_?name|e_mail|address(?:_?line)?(?:_?\d)?|social_security(?:_number)?|(?:student|tax|national)_(?:id|number)|driver_?s?_licen[cs]e|credit_card|account_number)(?:_|$)/u;
const PEOPLE = words(
  'account accounts admin admins attendee attendees child children client clients contact contacts customer customers',
  'donor donors employee employees guardian guardians household households lead leads learner learners member members',
  'parent parents participant participants people person persons profile profiles staff student students teacher',
  'teachers user users volunteer volunteers',
);
/** Personal only in a table of people: a school has a name and a city, too. */
const OF_PEOPLE = words('city name state suffix title');

function words(...lists: string[]): ReadonlySet<string> {
  return new Set(lists.join(' ').split(' '));
}

/** `firstName` and `First Name` are `first_name`. */
function snake(name: string): string {
  return name
    .replaceAll(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1_$2')
    .replaceAll(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_');
}

/**
 * Whether a column looks personal. It errs on the side of yes: a column that is marked is only never shown.
 * @param kind  the type in the table file: a mark or the time of the last e-mail is not an e-mail address
 */
export function looksPersonal(table: string, column: string, kind: string): boolean {
  const name = snake(column);
  const parts = name.split('_');
  if (kind === 'boolean') return false;
  if (kind === 'date' || kind === 'timestamp')
    return parts.some((part) => /^(?:birth|birthdate|birthday|born|dob)$/.test(part));
  return (
    parts.some((part) => PERSONAL_WORDS.has(part)) ||
    PERSONAL_PHRASES.test(name) ||
    (OF_PEOPLE.has(name) && PEOPLE.has(snake(table).split('_').at(-1) ?? ''))
  );
}

const INSERTED = /^(?:date_|time_)?(?:created|inserted)(?:_(?:at|on|date|time))?$/u;
const CHANGED = /^(?:date_|time_|last_)?(?:updated|modified|changed)(?:_(?:at|on|date|time))?$/u;

/** When the engine has to write this time itself, by its name; null for any other. */
export function looksTouched(column: string): 'insert' | 'change' | null {
  const name = snake(column);
  if (INSERTED.test(name)) return 'insert';
  return CHANGED.test(name) ? 'change' : null;
}

/** Tables in which tools that migrate databases keep their books. */
const BOOKKEEPING = new Set([
  '_prisma_migrations',
  'alembic_version',
  'ar_internal_metadata',
  'databasechangelog',
  'databasechangeloglock',
  'django_migrations',
  'flyway_schema_history',
  'goose_db_version',
  'knex_migrations',
  'knex_migrations_lock',
  'pgmigrations',
  'schema_migrations',
  'sequelizemeta',
  '__efmigrationshistory',
]);

export function isBookkeeping(table: string): boolean {
  return BOOKKEEPING.has(table.toLowerCase());
}
