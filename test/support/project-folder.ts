import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { scratchFolder } from './scratch-folder.ts';

export type Files = Readonly<Record<string, string>>;

/** A small project that has nothing wrong: houses and the people in them. */
export const SOUND: Files = {
  'sync.config.yaml': `version: 1
project: village
phases: [places, people, moving-in]
`,
  'mappings/houses.yaml': `version: 1
mapping: houses
tags: [places]
source:
  soql: SELECT Id, Name, SystemModstamp FROM House__c
phases:
  places:
tables:
  house:
    key: salesforce_id
    columns:
      salesforce_id: Id
      name: { from: Name, transform: [trim] }
`,
  'mappings/people.yaml': `version: 1
mapping: people
tags: [living]
source:
  object: Person__c
  soql: |
    SELECT Id, Name, House__c, Mood__c,
           Mail__c, SystemModstamp
    FROM Person__c
phases:
  people: { batch_size: 300, commit_size: 50 }
  moving-in: { links: [person.house_id], after: [houses] }
tables:
  person:
    key: salesforce_id
    columns:
      salesforce_id: Id
      name: { from: Name, required: true }
      mood: { from: Mood__c, map: mood, on_unknown: keep }
      house_id: { from: House__c, link: house }
  mailbox:
    each: [{ address: Mail__c, kind: home, main: true }]
    parent: person
    key: [person_id, kind]
    skip_when_blank: address
    one_primary: main
    columns:
      address: { transform: [trim, lower], format: email }
`,
  'mappings/tables/house.yaml': `table: house
columns:
  salesforce_id: { type: string(18), unique: true }
  name: { type: string(80), required: true }
`,
  'mappings/tables/person.yaml': `table: person
columns:
  salesforce_id: { type: string(18), unique: true }
  name: { type: string(80), required: true, pii: true }
  mood: { type: enum, values: [glad, sad], default: glad }
  house_id: { type: integer, references: house.id, on_delete: set_null }
  notes: { type: text, owner: local }
  born: { type: integer, check: "between 1900 and 2100" }
`,
  'mappings/tables/mailbox.yaml': `table: mailbox
columns:
  person_id: { type: integer, required: true, references: person.id, on_delete: cascade }
  address: { type: string(80), required: true, pii: true }
  kind: { type: enum, values: [home, work], required: true }
  main: { type: boolean, required: true, default: false }
`,
  'mappings/maps/mood.yaml': `map: mood
ignore_case: true
values: { Happy: glad, Sad: sad }
`,
};

/** Writes a project into a folder of its own, removed when the test file is done. Gives the path of its config. */
export function projectFolder(files: Files): string {
  const folder = scratchFolder();
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return join(folder, 'sync.config.yaml');
}

/** Replaces one piece of one file. @throws RangeError when the piece is not there: the test would show nothing */
export function changed(files: Files, file: string, from: string, to: string): Files {
  const text = files[file];
  if (text === undefined || !text.includes(from)) throw new RangeError(`${file} has no ${from}`);
  return { ...files, [file]: text.replace(from, () => to) };
}

/** Line and column, from 1, of the first place where a piece stands in a text. */
export function placeOf(text: string, piece: string): { line: number; column: number } {
  const offset = text.indexOf(piece);
  if (offset < 0) throw new RangeError(`there is no ${piece}`);
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
