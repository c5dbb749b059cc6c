import { describe, expect, it } from '@jest/globals';
import { byName } from '../../src/drift/find-field.ts';
import { SyncError } from '../../src/errors/sync-error.ts';
import type { SourceField, SourceObject } from '../../src/flow/source-object.ts';
import type { OrgView } from '../../src/lint/check-org.ts';
import { lintProject } from '../../src/lint/lint-project.ts';
import { RULES } from '../../src/lint/rules.ts';
import { objectOf } from '../drift/described.ts';
import { changed, type Files, placeOf, projectFolder, SOUND } from '../support/project-folder.ts';
import { PEOPLE } from './case.ts';
import { ORG_CASES, type OrgCase, SOUND_ORG } from './org-cases.ts';

function viewOf(change: OrgCase['change'] = (fields) => fields): OrgView {
  const failures = new Map<string, SyncError>();
  const objects = Object.entries(SOUND_ORG).flatMap(([name, fields]): SourceObject[] => {
    const whole = objectOf(name, ...fields);
    if (name !== 'Person__c') return [whole];
    const left: readonly SourceField[] | null = change(whole.fields);
    if (left === null) failures.set('person__c', new SyncError('ORG_OBJECT_MISSING', 'describe Person__c: HTTP 404'));
    return left === null ? [] : [{ name, fields: left }];
  });
  return { objects: byName(objects), failures };
}

const NO_MOOD = { severity: 'error', table: 'person', column: 'mood', message: 'person.mood is not there.' } as const;

async function lint(files: Files, one?: OrgCase) {
  return lintProject({
    file: projectFolder(files),
    environment: {},
    org: async () => Promise.resolve(viewOf(one?.change)),
    database: async () => Promise.resolve(one?.rule === 'database-differs' ? [NO_MOOD] : []),
  });
}

describe('lint beside the org and the database', () => {
  it('finds nothing where everything fits', async () => {
    expect((await lint(SOUND)).problems).toEqual([]);
  });

  it.each(ORG_CASES)('$rule: $when', async (one) => {
    const { file, from = '', to = '', at, rule } = one;
    const files = from === '' ? SOUND : changed(SOUND, file, from, to);

    const { problems } = await lint(files, one);

    const found = problems.filter((problem) => problem.rule === rule);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ file, ...placeOf(files[file] ?? '', at), severity: RULES[rule]?.severity });
  });

  it('says nothing of fields that are read again on a schedule', async () => {
    const formula = ORG_CASES.find(({ rule }) => rule === 'formula-without-refresh');
    const files = changed(SOUND, PEOPLE, 'tags: [living]', 'tags: [living]\nrefresh_formulas: 1d');

    expect((await lint(files, formula)).problems).toEqual([]);
  });

  it('says nothing of values for which a policy was chosen', async () => {
    const unmapped = ORG_CASES.find(({ rule }) => rule === 'picklist-unmapped');

    expect((await lint(SOUND, unmapped)).problems).toEqual([]);
  });

  it('looks at the mappings that can be read, also when another one cannot', async () => {
    const files = changed(SOUND, 'mappings/houses.yaml', 'key: salesforce_id', 'key: nothing');
    const missing = ORG_CASES.find(({ when }) => when === 'a selected field is not there');

    const { problems } = await lint(files, missing);

    expect(problems.map(({ rule }) => rule)).toEqual(['key-unmapped', 'org-field-missing']);
  });
});
