import { symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { configError } from '../../src/config/config-error.ts';
import { findProjectFile } from '../../src/config/find-project-file.ts';
import { loadProject } from '../../src/config/load-project.ts';
import type { Project } from '../../src/config/project.ts';
import { changed, type Files, projectFolder, SOUND } from '../support/project-folder.ts';

const CONFIG = 'sync.config.yaml';

async function load(files: Files, environment: Record<string, string> = {}) {
  return loadProject({ file: projectFolder(files), environment });
}

async function loaded(files: Files, environment: Record<string, string> = {}): Promise<Project> {
  const { project, problems } = await load(files, environment);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (project === null) throw new Error('the project was refused');
  return project;
}

function withSettings(text: string): Files {
  return changed(SOUND, CONFIG, 'project: village', `project: village\n${text}`);
}

describe('a project', () => {
  it('has defaults for all that it does not say', async () => {
    const project = await loaded(SOUND);

    expect(project).toMatchObject({
      name: 'village',
      salesforce: {
        auth: 'demo',
        loginUrl: 'https://login.salesforce.com',
        apiVersion: '62.0',
        apiBudget: { perRun: null, keepFree: 0 },
      },
      database: { url: 'embedded', schema: 'public', manage: true },
      limits: { quarantine: 0.05, deletes: 0.01 },
      privacy: { reveal: ['Id'] },
    });
  });

  it('is frozen in every part', async () => {
    const project = await loaded(SOUND);

    expect(Object.isFrozen(project.mappings[0]?.tables[0]?.columns[0])).toBe(true);
    expect(Object.isFrozen(project.tables.get('house')?.columns)).toBe(true);
  });

  it('takes shares and numbers of calls as a budget, and null for no limit', async () => {
    const share = await loaded(withSettings('salesforce: { api_budget: { per_run: 12.5%, keep_free: 25% } }'));
    const calls = await loaded(withSettings('salesforce: { api_budget: { per_run: 300 } }\nlimits: { deletes: null }'));

    expect(share.salesforce.apiBudget).toEqual({ perRun: { share: 0.125 }, keepFree: 0.25 });
    expect(calls.salesforce.apiBudget.perRun).toEqual({ calls: 300 });
    expect(calls.limits.deletes).toBeNull();
  });

  it('leaves keys that begin with x- free, everywhere', async () => {
    const free = changed(
      withSettings('x-owner: the village clerk'),
      'mappings/people.yaml',
      'from: Name,',
      'from: Name, x-why: { a: 1 },',
    );
    const { problems } = await load(changed(free, 'mappings/tables/house.yaml', 'columns:', 'columns:\n  x-note: old'));

    expect(problems).toEqual([]);
  });

  it('tells a number where a text is wanted, and that quotes help', async () => {
    const { problems } = await load(withSettings('salesforce: { api_version: 62.0 }'));

    expect(problems[0]).toMatchObject({ rule: 'wrong-type', suggestion: 'Write it in quotes: api_version: "62".' });
  });

  it('treats words of YAML 1.1 as the texts that they are', async () => {
    const { project } = await load(
      changed(SOUND, 'mappings/maps/mood.yaml', 'Happy: glad', 'yes: glad, no: sad, on: glad'),
    );

    expect(Object.keys(project?.mappings[1]?.tables[0]?.columns[2]?.map?.values ?? {})).toEqual([
      'yes',
      'no',
      'on',
      'sad',
    ]);
  });

  it('does not merge keys by <<', async () => {
    const { problems } = await load(withSettings('x-base: &base { auth: demo }\nsalesforce: { <<: *base }'));

    expect(problems).toMatchObject([{ rule: 'unknown-key' }]);
  });

  it('refuses aliases that multiply', async () => {
    const levels = 'abcdefghi'.split('').map((name, level) => {
      const inner = level === 0 ? '"lol"' : `*${'abcdefghi'.charAt(level - 1)}`;
      return `x-${name}: &${name} [${Array.from({ length: 9 }, () => inner).join(', ')}]`;
    });

    const { project, problems } = await load(withSettings(levels.join('\n')));

    expect(project).toBeNull();
    expect(problems).toMatchObject([{ rule: 'yaml-alias' }]);
  });

  it('refuses a file that is not UTF-8', async () => {
    const file = projectFolder(SOUND);
    writeFileSync(join(dirname(file), 'mappings/tables/house.yaml'), Buffer.from('table: caf\u00e9', 'latin1'));

    const { project, problems } = await loadProject({ file, environment: {} });

    expect(project).toBeNull();
    expect(problems).toMatchObject([{ rule: 'yaml-syntax', message: 'The file is not UTF-8.' }]);
  });

  it('refuses a file that is a link to nowhere, and leaves out what editors leave behind', async () => {
    const file = projectFolder(SOUND);
    symlinkSync('nowhere.yaml', join(dirname(file), 'mappings/gone.yaml'));
    symlinkSync('nowhere.yaml', join(dirname(file), 'mappings/.#houses.yaml'));

    const { problems } = await loadProject({ file, environment: {} });

    expect(problems).toMatchObject([{ rule: 'file-missing', file: 'mappings/gone.yaml' }]);
  });
});

describe('the environment', () => {
  it('fills ${NAME} and ${NAME:-default}', async () => {
    const files = withSettings('database: { url: "${DB_URL:-embedded}", schema: "${DB_SCHEMA}" }');

    expect((await loaded(files, { DB_SCHEMA: 'app' })).database).toMatchObject({ url: 'embedded', schema: 'app' });
    expect((await loaded(files, { DB_SCHEMA: 'app', DB_URL: 'postgres://db/x' })).database.url).toBe('postgres://db/x');
  });

  it('counts an empty variable as missing where there is a default, as a shell does', async () => {
    const project = await loaded(withSettings('database: { url: "${DB_URL:-embedded}" }'), { DB_URL: '' });

    expect(project.database.url).toBe('embedded');
  });

  it('gives a number or a boolean where one is wanted', async () => {
    const files = withSettings('database: { manage: "${MANAGE}" }\ndefaults: { batch_size: "${SIZE}" }');

    const project = await loaded(files, { MANAGE: 'false', SIZE: '70' });

    expect(project.database.manage).toBe(false);
    expect(project.mappings[0]?.phases[0]?.batchSize).toBe(70);
  });

  it('never changes the structure of the file', async () => {
    const { problems } = await load(withSettings('database: { schema: "${SCHEMA}" }'), {
      SCHEMA: 'public }\nplugins: [./evil.ts]\nx: {',
    });

    expect(problems).toMatchObject([{ rule: 'wrong-value' }]);
  });

  it('is not read in mappings, where ${...} is only a text', async () => {
    const files = changed(SOUND, 'mappings/people.yaml', 'tags:', 'description: costs ${NOTHING}\ntags:');

    expect((await loaded(files)).mappings[1]?.description).toBe('costs ${NOTHING}');
  });

  it('is told once for each variable that is missing, with its place, and hides no other problem', async () => {
    const files = changed(withSettings('database: { url: "${DB_URL}" }'), 'mappings/houses.yaml', 'name: {', 'nane: {');

    const { problems } = await load(files);

    expect(problems.map(({ rule, line, column }) => [rule, line, column])).toEqual([
      ['unknown-column', 13, 7],
      ['env-missing', 3, 19],
    ]);
    expect(configError(problems.slice(1))).toMatchObject({ code: 'CONFIG_ENV_MISSING' });
  });
});

describe('a refusal', () => {
  it('has the code of the first error, its place and the number of the others', async () => {
    const { problems } = await load(changed(withSettings('colour: red'), CONFIG, 'version: 1', 'version: 2'));

    const error = configError(problems);

    expect(error).toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'sync.config.yaml:1:10: "version" must be 1. (and 1 more)',
    });
    expect(configError(problems.slice(1)).code).toBe('CONFIG_UNKNOWN_KEY');
  });
});

describe('the project file', () => {
  it('is the nearest one upward', async () => {
    const file = projectFolder(SOUND);

    expect(await findProjectFile(`${dirname(file)}/mappings/tables`)).toBe(file);
  });

  it('is missed with a code of its own', async () => {
    await expect(findProjectFile('/')).rejects.toMatchObject({ code: 'CONFIG_NOT_FOUND' });
  });
});
