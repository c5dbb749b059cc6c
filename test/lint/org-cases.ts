import type { SourceField } from '../../src/flow/source-object.ts';
import { fieldOf } from '../drift/described.ts';
import { type Case, PEOPLE, PERSON } from './case.ts';

/** Houses and people as the org has them when nothing is wrong, by object. */
export const SOUND_ORG: Readonly<Record<string, readonly SourceField[]>> = {
  House__c: [fieldOf('Name')],
  Person__c: [
    fieldOf('Name'),
    fieldOf('House__c', { type: 'reference', referenceTo: ['House__c'], relationshipName: 'House__r' }),
    fieldOf('Mood__c', { type: 'picklist', length: 255, picklist: ['Happy', 'Sad'] }),
    fieldOf('Mail__c', { type: 'email', length: 80 }),
  ],
};

/** One thing in the org that does not fit, and the place in the file that must be told. */
export interface OrgCase extends Pick<Case, 'rule' | 'when' | 'file' | 'at'> {
  readonly change: (fields: readonly SourceField[]) => readonly SourceField[] | null;
  /** A change of the file before. */
  readonly from?: string;
  readonly to?: string;
}

const without =
  (gone: string): OrgCase['change'] =>
  (fields) =>
    fields.filter(({ name }) => name !== gone);

const other =
  (changed: string, more: Partial<SourceField>): OrgCase['change'] =>
  (fields) =>
    fields.map((field) => (field.name === changed ? { ...field, ...more } : field));

/** Of people, unless told. */
export const ORG_CASES: readonly OrgCase[] = [
  {
    rule: 'org-object-missing',
    when: 'the object is not there',
    file: PEOPLE,
    at: 'object: Person__c',
    change: () => null,
  },
  {
    rule: 'org-field-missing',
    when: 'a selected field is not there',
    file: PEOPLE,
    at: 'Mail__c, SystemModstamp',
    change: without('Mail__c'),
  },
  {
    rule: 'org-field-missing',
    when: 'a field of the filter is not there',
    file: PEOPLE,
    from: 'FROM Person__c',
    to: 'FROM Person__c WHERE Age__c > 3',
    at: 'Age__c > 3',
    change: (fields) => fields,
  },
  {
    rule: 'org-cursor',
    when: 'the object has no stamp',
    file: PEOPLE,
    at: 'SystemModstamp\n    FROM Person__c',
    change: without('SystemModstamp'),
  },
  {
    rule: 'org-cursor',
    when: 'the cursor is no date-time',
    file: PEOPLE,
    from: 'tags: [living]',
    to: 'tags: [living]\nincremental: { cursor: Name }',
    at: 'Name, House__c',
    change: (fields) => fields,
  },
  {
    rule: 'cursor-nullable',
    when: 'the cursor may be empty',
    file: PEOPLE,
    from: 'tags: [living]',
    to: 'tags: [living]\nincremental: { cursor: Seen__c }',
    at: 'object: Person__c',
    change: (fields) => [...fields, fieldOf('Seen__c', { type: 'datetime' })],
  },
  {
    rule: 'formula-without-refresh',
    when: 'a field is a formula',
    file: PEOPLE,
    at: 'Mood__c,\n',
    change: other('Mood__c', { calculated: true }),
  },
  {
    rule: 'formula-without-refresh',
    when: "a field is a parent's",
    file: PEOPLE,
    from: 'Id, Name, House__c, Mood__c,',
    to: 'Id, Name, House__r.Name, House__c, Mood__c,',
    at: 'House__r.Name',
    change: (fields) => fields,
  },
  {
    rule: 'field-type',
    when: 'a text is to be a number',
    file: PEOPLE,
    from: 'name: { from: Name, required: true }',
    to: 'name: { from: Name, required: true }\n      born: Mail__c',
    at: 'Mail__c\n',
    change: (fields) => fields,
  },
  {
    rule: 'field-too-long',
    when: 'a text can be longer than its column',
    file: PEOPLE,
    at: '{ from: Name, required: true }',
    change: other('Name', { length: 255 }),
  },
  {
    rule: 'picklist-unmapped',
    when: 'a value is not in the map',
    file: PEOPLE,
    from: ', on_unknown: keep }',
    to: ' }',
    at: '{ from: Mood__c',
    change: other('Mood__c', { picklist: ['Happy', 'Sad', 'Thoughtful'] }),
  },
  {
    rule: 'database-differs',
    when: 'a column is not there',
    file: PERSON,
    at: 'mood: {',
    change: (fields) => fields,
  },
];
