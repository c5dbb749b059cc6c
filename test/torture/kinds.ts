import type { Chance } from './chance.ts';

/** What a record of the org holds, as far as the project reads it. */
export type Values = Readonly<Record<string, string | number | boolean | null>>;

export const KIND_NAMES = ['school', 'student', 'membership', 'job', 'note'] as const;
export type KindName = (typeof KIND_NAMES)[number];

/** What happens to the row of a record that is gone: the mappings' `deletes`. */
export type AtEnd = 'hard' | 'soft' | 'ignore';

/** Names something that may be referred to: one that is there, was there, or may come some day. */
export type Refer = (kind: KindName) => string | null;

export interface Kind {
  readonly object: string;
  readonly prefix: string;
  readonly mapping: string;
  readonly atEnd: AtEnd;
  /** Whether a record that leaves the filter is taken for a deleted one. */
  readonly leftFilter: 'delete' | 'keep';
  /** The field, and its values inside and outside of the mapping's filter; null without one. */
  readonly filter: {
    readonly field: string;
    readonly inside: string | boolean;
    readonly outside: string | boolean;
  } | null;
  /** Fields that the mapping reads. */
  readonly fields: readonly string[];
  /** Fields that refer, and to what. */
  readonly refs: Readonly<Record<string, KindName>>;
  /** All fields anew; an update takes some of them. */
  readonly draw: (chance: Chance, refer: Refer) => Values;
  /** Whether the mapping can take such a record at all. */
  readonly isValid: (values: Values) => boolean;
}

const NAMES = ['Ada', 'Bo', ' Cy ', 'Dee', 'Ed', "O'Neil", 'Ünal', '名前', 'a\tb', 'back\\slash'] as const;
const LONG = 'a name that no column of twenty can hold';
const MAILS = [
  null,
  'ada@torture.example',
  ' Bo@torture.example',
  'cy@torture.example',
  'DEE@torture.example',
] as const;

export const KINDS: Readonly<Record<KindName, Kind>> = {
  school: {
    object: 'Account',
    prefix: '001',
    mapping: 'schools',
    atEnd: 'hard',
    leftFilter: 'delete',
    filter: { field: 'Type', inside: 'School', outside: 'Business' },
    fields: ['Name', 'ParentId'],
    refs: { ParentId: 'school' },
    draw: (chance, refer) => ({ Name: drawName(chance), ParentId: chance.happens(0.4) ? refer('school') : null }),
    isValid: ({ Name: name }) => isName(trimmed(name)),
  },
  student: {
    object: 'Contact',
    prefix: '003',
    mapping: 'students',
    atEnd: 'soft',
    leftFilter: 'delete',
    filter: { field: 'Contact_Type__c', inside: 'Student', outside: 'Teacher' },
    fields: [
      'LastName',
      'Title',
      'AccountId',
      'npsp__Primary_Affiliation__c',
      'Current_Grade__c',
      'Email',
      'npe01__WorkEmail__c',
    ],
    refs: { AccountId: 'school', npsp__Primary_Affiliation__c: 'school' },
    draw: (chance, refer) => ({
      LastName: drawName(chance),
      Title: chance.pick([null, 'learn', ' Grow ', 'rest']),
      AccountId: chance.happens(0.7) ? refer('school') : null,
      npsp__Primary_Affiliation__c: chance.happens(0.7) ? refer('school') : null,
      Current_Grade__c: chance.pick([null, 1, 7, 12, 13]),
      Email: chance.happens(0.05) ? 'no address' : chance.pick(MAILS),
      npe01__WorkEmail__c: chance.pick(MAILS),
    }),
    isValid: ({ LastName: name, Email: mail }) => isName(name) && mail !== 'no address',
  },
  membership: {
    object: 'npe5__Affiliation__c',
    prefix: 'a0A',
    mapping: 'memberships',
    atEnd: 'hard',
    leftFilter: 'keep',
    filter: { field: 'npe5__Primary__c', inside: true, outside: false },
    fields: ['npe5__Organization__c', 'npe5__Contact__c', 'npe5__Role__c'],
    refs: { npe5__Organization__c: 'school', npe5__Contact__c: 'student' },
    draw: (chance, refer) => ({
      npe5__Organization__c: chance.happens(0.95) ? refer('school') : null,
      npe5__Contact__c: chance.happens(0.8) ? refer('student') : null,
      npe5__Role__c: chance.happens(0.06) ? LONG : chance.pick([null, 'member', 'head']),
    }),
    isValid: ({ npe5__Organization__c: school, npe5__Role__c: role }) => school !== null && role !== LONG,
  },
  job: {
    object: 'Task',
    prefix: '00T',
    mapping: 'jobs',
    atEnd: 'hard',
    leftFilter: 'delete',
    filter: null,
    fields: ['WhoId', 'Subject', 'Type', 'ActivityDate'],
    refs: { WhoId: 'student' },
    draw: (chance, refer) => ({
      WhoId: chance.happens(0.97) ? refer('student') : null,
      Subject: chance.happens(0.05) ? null : chance.pick(['bake', 'sweep']),
      Type: chance.pick([null, 'first', 'second', 'third']),
      ActivityDate: chance.pick([null, '2029-01-01', '2029-05-05']),
    }),
    isValid: ({ WhoId: who, Subject: subject }) => who !== null && subject !== null,
  },
  note: {
    object: 'Case',
    prefix: '500',
    mapping: 'notes',
    atEnd: 'ignore',
    leftFilter: 'delete',
    filter: { field: 'Origin', inside: 'Web', outside: 'Phone' },
    fields: ['Subject', 'ContactId', 'AccountId'],
    refs: { ContactId: 'student', AccountId: 'school' },
    draw: (chance, refer) => ({
      Subject: chance.pick([null, 'hello', 'two\nlines', '"quoted", and more']),
      ContactId: chance.happens(0.7) ? refer('student') : null,
      AccountId: chance.happens(0.3) ? refer('school') : null,
    }),
    isValid: () => true,
  },
};

function drawName(chance: Chance): string | null {
  if (chance.happens(0.05)) return LONG;
  return chance.happens(0.04) ? null : chance.pick(NAMES);
}

function isName(name: Values[string] | undefined): boolean {
  return typeof name === 'string' && name !== '' && name !== LONG;
}

/** What the transform `trim` leaves. */
export function trimmed(value: Values[string] | undefined): string | null {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? null : text;
}
