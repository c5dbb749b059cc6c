import { type Case, PEOPLE } from './case.ts';

const FILE = 'mappings/tests/people.yaml';

/** A file of cases beside the sound project, whose one case is this. */
function caseOf(lines: readonly string[]): Pick<Case, 'file' | 'from' | 'to' | 'also'> {
  const text = ['mapping: people', 'cases:', '  - name: someone', ...lines.map((line) => `    ${line}`), ''].join('\n');
  return { file: PEOPLE, from: 'mapping: people', to: 'mapping: people', also: { [FILE]: text } };
}

const RECORD = 'record: { Name: Ada }';

/** What is wrong in mappings/tests. */
export const TEST_FILE_CASES: readonly Case[] = [
  {
    rule: 'unknown-mapping',
    when: 'a file of cases names a mapping that does not exist',
    file: PEOPLE,
    from: 'mapping: people',
    to: 'mapping: people',
    also: { [FILE]: 'mapping: peple\ncases: [{ name: someone, record: {}, rows: { person: { name: null } } }]\n' },
    at: `${FILE}#peple`,
    suggestion: 'Did you mean "people"?',
  },
  {
    rule: 'case-field',
    when: 'a record has a field that the mapping does not read',
    ...caseOf(['record: { Nmae: Ada }', 'rows: { person: { name: null } }']),
    at: `${FILE}#Nmae`,
    suggestion: 'Did you mean "Name"?',
  },
  {
    rule: 'case-answer',
    when: 'a case answers a lookup that the mapping does not ask',
    ...caseOf([RECORD, 'answers: { owners: { a: b } }', 'rows: { person: { name: Ada } }']),
    at: `${FILE}#owners`,
  },
  {
    rule: 'case-row',
    when: 'a case expects a table that the mapping does not fill',
    ...caseOf([RECORD, 'rows: { persons: { name: Ada } }']),
    at: `${FILE}#persons`,
    suggestion: 'Did you mean "person"?',
  },
  {
    rule: 'case-row',
    when: 'a case expects a column that the mapping does not fill',
    ...caseOf([RECORD, 'rows: { mailbox: [{ adress: a@example.org }] }']),
    at: `${FILE}#adress`,
    suggestion: 'Did you mean "address"?',
  },
  {
    rule: 'case-row',
    when: 'a case expects several rows where a record has one',
    ...caseOf([RECORD, 'rows: { person: [{ name: Ada }] }']),
    at: `${FILE}#person: [`,
  },
  {
    rule: 'case-expects',
    when: 'a case expects nothing',
    ...caseOf([RECORD]),
    at: `${FILE}#someone`,
  },
  {
    rule: 'case-expects',
    when: 'a case expects two ends',
    ...caseOf([RECORD, 'rows: { person: { name: Ada } }', 'quarantined: INVALID_TEXT']),
    at: `${FILE}#quarantined`,
  },
  {
    rule: 'case-expects',
    when: 'a case expects a reason that no skip_when gives',
    ...caseOf([RECORD, 'skipped: lead']),
    at: `${FILE}#lead`,
  },
  {
    rule: 'case-expects',
    when: 'a case expects a code that does not exist',
    ...caseOf([RECORD, 'quarantined: INVALID_DAT']),
    at: `${FILE}#INVALID_DAT`,
    suggestion: 'Did you mean "INVALID_DATE"?',
  },
  {
    rule: 'case-expects',
    when: 'a case expects the refusal of a column that the mapping does not fill',
    ...caseOf([RECORD, 'quarantined: { code: INVALID_TEXT, column: person.nam }']),
    at: `${FILE}#person.nam`,
    suggestion: 'Did you mean "person.name"?',
  },
  {
    rule: 'case-expects',
    when: 'a case expects a warning of no column',
    ...caseOf([RECORD, 'warnings: [INVALID_ENUM person.mod]']),
    at: `${FILE}#INVALID_ENUM`,
    suggestion: 'Did you mean "person.mood"?',
  },
];
