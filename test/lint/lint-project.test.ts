import { describe, expect, it } from '@jest/globals';
import { lintProject } from '../../src/lint/lint-project.ts';
import { changed, projectFolder, SOUND } from '../support/project-folder.ts';

const CONFIG = 'sync.config.yaml';
const PEOPLE = 'mappings/people.yaml';
const DATABASE = 'project: village\ndatabase: { url: "';

/** Put together here, so that nobody takes it for a real one. */
const PEM = ['-----BEGIN', 'RSA PRIVATE', 'KEY-----'].join(' ');

async function secretsIn(text: string): Promise<string[]> {
  const files = changed(SOUND, CONFIG, 'project: village', text);
  const { problems } = await lintProject({ file: projectFolder(files), environment: { PGPASSWORD: 'x' } });
  return problems.filter(({ rule }) => rule === 'literal-secret').map(({ message }) => message);
}

describe('lint', () => {
  it('tells every problem of every file in one go, in the order of the files', async () => {
    const broken = changed(changed(SOUND, PEOPLE, 'map: mood', 'map: mod'), PEOPLE, 'link: house', 'link: hose');
    const misspelt = changed(broken, PEOPLE, 'on_unknown: keep', 'on_unknwon: keep');
    const files = changed(misspelt, 'mappings/houses.yaml', 'name: {', 'nane: {');

    const { problems } = await lintProject({ file: projectFolder(files), environment: {} });

    const errors = problems.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ file, rule }) => `${file} ${rule}`)).toEqual([
      'mappings/houses.yaml unknown-column',
      'mappings/people.yaml unknown-map',
      'mappings/people.yaml unknown-key',
      'mappings/people.yaml unknown-table',
    ]);
  });

  it('does not blame a mapping for a table file that could not be read', async () => {
    const files = changed(SOUND, 'mappings/tables/house.yaml', 'columns:', 'colums:');

    const { problems } = await lintProject({ file: projectFolder(files), environment: {} });

    expect(new Set(problems.map(({ file }) => file))).toEqual(new Set(['mappings/tables/house.yaml']));
  });

  it('refuses a project without a mapping', async () => {
    const file = projectFolder({ [CONFIG]: SOUND[CONFIG] ?? '' });

    await expect(lintProject({ file, environment: {} })).rejects.toMatchObject({ code: 'NOTHING_TO_LINT' });
  });

  it('refuses a folder without a project', async () => {
    await expect(lintProject({ file: '/nowhere/sync.config.yaml', environment: {} })).rejects.toMatchObject({
      code: 'CONFIG_NOT_FOUND',
    });
  });
});

describe('secrets', () => {
  it.each([
    ['a password in the address', `${DATABASE}postgres://sync:hunter2@db.example/app" }`],
    ['one behind a default', `${DATABASE}\${DATABASE_URL:-postgres://sync:hunter2@db.example/app}" }`],
    ['one beside a variable', `${DATABASE}postgres://sync:hunter2\${PGPASSWORD}@db.example/app" }`],
    ['a private key', `project: village\nx-key: |\n  ${PEM}\n  MII\n`],
    ['a session id', `project: village\nx-sid: 00D5f000000abcd!${'AQ8.x'.repeat(8)}`],
    ['a long random text', `project: village\nx-it: ${'k9Zq'.repeat(9)}`],
    ['a key named as one', 'project: village\nx-api_key: swordfish'],
  ])('are found: %s', async (_what, text) => {
    expect(await secretsIn(text)).toHaveLength(1);
  });

  it.each([
    ['a password from the environment', `${DATABASE}postgres://sync:\${PGPASSWORD}@db.example/app" }`],
    ['an address without one', `${DATABASE}postgres://db.example:5432/app" }`],
    ['an address of a page with a port', 'project: village\n# see https://docs.example:8080/a@b'],
    ['a long sentence', `project: village\n# ${'The 3 quick brown foxes jump over '.repeat(4)}`],
    ['a long field name', 'project: village\nprivacy: { reveal: [npsp__Primary_Affiliation_Of_The_Contact2__c] }'],
  ])('are not seen in %s', async (_what, text) => {
    expect(await secretsIn(text)).toEqual([]);
  });

  it('are never repeated in what is told', async () => {
    const [message = ''] = await secretsIn('project: village\nx-password: swordfish');

    expect(message).not.toContain('swordfish');
  });
});
