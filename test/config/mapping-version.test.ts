import { describe, expect, it } from '@jest/globals';
import { loadProject } from '../../src/config/load-project.ts';
import type { Mapping } from '../../src/config/mapping.ts';
import { changed, type Files, projectFolder, SOUND } from '../support/project-folder.ts';

const PEOPLE = 'mappings/people.yaml';

const NAME_AND_MOOD = `      name: { from: Name, required: true }
      mood: { from: Mood__c, map: mood, on_unknown: keep }`;
const KEEPING_UP = `refresh_formulas: 1d
give_up: 2d
deletes: { detect: [reconcile], action: hard }
`;

async function people(files: Files): Promise<Mapping | undefined> {
  const { project } = await loadProject({ file: projectFolder(files), environment: {} });
  return project?.mappings.find(({ name }) => name === 'people');
}

async function versionOf(files: Files): Promise<string | undefined> {
  return (await people(files))?.version;
}

/** The names of the parts that differ between two mappings, or are only in one. */
async function differing(from: Files, to: Files): Promise<readonly string[]> {
  const [before = {}, after = {}] = [(await people(from))?.parts, (await people(to))?.parts];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter((name) => before[name] !== after[name]);
}

describe("a mapping's version", () => {
  it('is sixteen hex digits and the same for the same files', async () => {
    const version = await versionOf(SOUND);

    expect(version).toMatch(/^[0-9a-f]{16}$/);
    expect(await versionOf(SOUND)).toBe(version);
  });

  it.each([
    ['a comment', PEOPLE, 'version: 1', '# hello\nversion: 1'],
    ['the sizes', PEOPLE, 'batch_size: 300', 'batch_size: 500'],
    ['the description', PEOPLE, 'tags:', 'description: villagers\ntags:'],
    ['line breaks of the SOQL', PEOPLE, 'Mood__c,\n           ', 'Mood__c, '],
    ['a line before it', PEOPLE, 'phases:', '\n\nphases:'],
    ['the phases after which it comes', PEOPLE, ', after: [houses]', ''],
    ['the order of its columns', PEOPLE, NAME_AND_MOOD, NAME_AND_MOOD.split('\n').toReversed().join('\n')],
    ['how it keeps up with the org', PEOPLE, 'tags:', `${KEEPING_UP}tags:`],
    ['the cursor', PEOPLE, 'tags:', 'incremental: { cursor: LastModifiedDate }\ntags:'],
    ['a column that is not mapped', 'mappings/tables/person.yaml', '  notes:', '  hobby: { type: text }\n  notes:'],
  ])('stays when %s changes', async (_what, file, from, to) => {
    expect(await versionOf(changed(SOUND, file, from, to))).toBe(await versionOf(SOUND));
  });

  it.each([
    ['the condition', PEOPLE, 'FROM Person__c', 'FROM Person__c WHERE Age__c > 3'],
    ['a transform', PEOPLE, '[trim, lower]', '[trim]'],
    ['a value of a map', 'mappings/maps/mood.yaml', 'Happy: glad', 'Happy: sad'],
    ['a length', 'mappings/tables/person.yaml', 'string(80)', 'string(90)'],
    ['a policy', PEOPLE, 'on_unknown: keep', 'on_unknown: quarantine'],
    ['a key', PEOPLE, 'key: [person_id, kind]', 'key: [person_id]'],
    ['an expression', PEOPLE, '{ from: Name, required: true }', '{ expr: "source.Name", required: true }'],
    ['what a link does without its parent', PEOPLE, 'link: house', 'link: house, on_missing: quarantine'],
    [
      'how a parent is found',
      PEOPLE,
      'link: house',
      'link: { table: house, ignore_case: true, by: name, pick: first }',
    ],
    ['what an entry gives', PEOPLE, 'address: Mail__c', 'address: { from: Mail__c, transform: [trim, upper] }'],
    ['what happens in a conflict', PEOPLE, 'map: mood', 'map: mood, on_conflict: quarantine'],
    ['a reason to skip', PEOPLE, 'tags:', 'skip_when: [{ name: x, when: "blank(name)" }]\ntags:'],
    ['a lookup', PEOPLE, 'tags:', 'lookups: { x: { object: Case, by: Id, value: Name } }\ntags:'],
    ['rows that are left alone', PEOPLE, '    key: salesforce_id', '    leave: { mood: sad }\n    key: salesforce_id'],
    [
      'which record is shown',
      PEOPLE,
      '    key: salesforce_id',
      '    prefer: [{ column: mood, values: [sad] }]\n    key: salesforce_id',
    ],
    ['a set that is replaced', PEOPLE, '    parent: person', '    parent: person\n    set: replace'],
    ['the phase of a link', PEOPLE, '  moving-in: { links: [person.house_id], after: [houses] }\n', ''],
  ])('changes with %s', async (_what, file, from, to) => {
    expect(await versionOf(changed(SOUND, file, from, to))).not.toBe(await versionOf(SOUND));
  });
});

describe("the parts of a mapping's version", () => {
  it('are named for people', async () => {
    const parts = (await people(SOUND))?.parts ?? {};

    expect(Object.keys(parts)).toEqual([
      'query',
      'table person',
      'column person.salesforce_id',
      'column person.name',
      'column person.mood',
      'column person.house_id',
      'table mailbox',
      'column mailbox.address',
      'column mailbox.kind',
      'column mailbox.main',
    ]);
    expect(Object.values(parts).every((part) => /^[0-9a-f]{12}$/.test(part))).toBe(true);
  });

  it.each([
    ['a condition', 'FROM Person__c', 'FROM Person__c WHERE Age__c > 3', ['query']],
    ['a transform', '[trim, lower]', '[trim]', ['column mailbox.address']],
    ['a policy', 'on_unknown: keep', 'on_unknown: quarantine', ['column person.mood']],
    ['an entry', 'kind: home', 'kind: work', ['column mailbox.kind']],
    ['a key', 'key: [person_id, kind]', 'key: [person_id]', ['table mailbox']],
    ['a rule', 'tags:', 'rules: [{ name: x, check: "!blank(name)" }]\ntags:', ['rules']],
    ['a reason to skip', 'tags:', 'skip_when: [{ name: x, when: "blank(name)" }]\ntags:', ['skip_when']],
    ['a field that is read first', 'SELECT Id, Name,', 'SELECT Born__c, Id, Name,', ['query']],
  ])('tell %s from all others', async (_what, from, to, parts) => {
    expect(await differing(SOUND, changed(SOUND, PEOPLE, from, to))).toEqual(parts);
  });

  it('tell a new column and the field that it takes', async () => {
    const more = changed(SOUND, PEOPLE, 'SELECT Id, Name,', 'SELECT Id, Born__c, Name,');
    const mapped = changed(more, PEOPLE, NAME_AND_MOOD, `${NAME_AND_MOOD}\n      born: Born__c`);

    expect(await differing(SOUND, mapped)).toEqual(['query', 'column person.born']);
  });
});
