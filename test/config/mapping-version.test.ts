import { describe, expect, it } from '@jest/globals';
import { loadProject } from '../../src/config/load-project.ts';
import { changed, type Files, projectFolder, SOUND } from '../support/project-folder.ts';

const PEOPLE = 'mappings/people.yaml';

async function versionOf(files: Files): Promise<string | undefined> {
  const { project } = await loadProject({ file: projectFolder(files), environment: {} });
  return project?.mappings.find(({ name }) => name === 'people')?.version;
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
    ['the phase of a link', PEOPLE, '  moving-in: { links: [person.house_id], after: [houses] }\n', ''],
  ])('changes with %s', async (_what, file, from, to) => {
    expect(await versionOf(changed(SOUND, file, from, to))).not.toBe(await versionOf(SOUND));
  });
});
