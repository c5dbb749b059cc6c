import { definePlugin } from 'sluice/plugin';

/** What this nonprofit's imports need, and no general feature of Sluice can say. */
export default definePlugin({
  name: 'nonprofit',

  transforms: {
    us_address: {
      what: 'One part of an address in the United States that stands in one line: street, city, state or zip.',
      args: { type: 'object', required: ['part'], properties: { part: { enum: ['street', 'city', 'state', 'zip'] } } },
      run: (value, { part }) => (value === null ? null : addressParts(value)[part]),
    },
  },

  resolvers: {
    contact_of_account: {
      what: 'The contact of an account who has one of the given e-mail addresses, the first address first.',
      // Inputs: an account, then addresses.
      run: async (inputs, { query }) => {
        const contacts = await query(
          `SELECT AccountId, Id, Email FROM Contact WHERE AccountId IN :ids AND Email != null
           AND (Contact_Type__c = 'Volunteer' OR Contact_Type__c = '' OR Contact_Type__c = 'Teacher') ORDER BY Id DESC`,
          inputs.flatMap(([account]) => (account?.startsWith('001') === true ? [account] : [])),
        );
        const byAddress = new Map(contacts.map((row) => [keyOf(row['AccountId'], row['Email']), row['Id'] ?? null]));
        return inputs.map(([account, ...addresses]) => {
          const keys = addresses.map((address) => keyOf(account, address));
          return keys.map((key) => byAddress.get(key)).find((contact) => contact != null) ?? null;
        });
      },
    },
  },

  hooks: {
    infer_districts: {
      what: 'Gives events that name no school or district, and have none yet, the districts of their students.',
      run: async ({ query, table }) => {
        const { rowCount } = await query(`
          INSERT INTO ${table('event_districts')} (event_id, district_id)
          SELECT DISTINCT event.id, school.district_id
          FROM ${table('event')} event
          JOIN ${table('event_student_participation')} taking_part ON taking_part.event_id = event.id
          JOIN ${table('student')} student ON student.id = taking_part.student_id
          JOIN ${table('school')} school ON school.id = student.school_id
          WHERE event.school IS NULL AND event.district_partner IS NULL AND school.district_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM ${table('event_districts')} known WHERE known.event_id = event.id)`);
        return { event_districts: { inserted: rowCount } };
      },
    },
  },
});

function keyOf(account: string | null = null, email: string | null = null): string {
  return `${account ?? ''} ${email?.trim().toLowerCase() ?? ''}`;
}

const COUNTRY = /^(?:usa?|u\.s\.a?\.?|united states(?: of america)?)$/iu;

/** `1 Main St, Suite 5, Kansas City, MO 64108`: from its end, because a street may have any number of commas. */
function addressParts(line: string): Record<'street' | 'city' | 'state' | 'zip', string | null> {
  const pieces = line.split(/[,\r\n]/u).flatMap((piece) => piece.trim() || []);
  if (COUNTRY.test(pieces.at(-1) ?? '')) pieces.pop();
  if (pieces.length < 2) return { street: pieces[0] ?? null, city: null, state: null, zip: null };
  const [, end = '', zip = null] = /^(.*?)\s*(\d{5}(?:-\d{4})?)?$/u.exec(pieces.pop() ?? '') ?? [];
  const [, before = '', code = null] = /^(?:(.+)\s)?([A-Z]{2})$/u.exec(end) ?? [];
  // A state that is written out is only told from a city by what stands around it.
  const state = code ?? (zip !== null && pieces.length > 1 && end !== '' ? end : null);
  const rest = code === null ? end : before;
  if (rest !== '' && rest !== state) pieces.push(rest);
  const city = pieces.length > 1 ? (pieces.pop() ?? null) : null;
  return { street: pieces.join(', '), city, state, zip };
}
