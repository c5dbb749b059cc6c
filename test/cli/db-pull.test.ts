import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { loadProject } from '../../src/config/load-project.ts';
import { diffTables } from '../../src/tables/diff.ts';
import { openTestProject, type TestProject } from '../support/cli.ts';

let project: TestProject;

beforeAll(async () => {
  project = await openTestProject();
  await project.run('db', 'migrate', '--no-prompt');
});

afterAll(() => project.close());

const undone: (() => void)[] = [];

afterEach(() => {
  for (const undo of undone.splice(0)) undo();
});

/** Writes a file of the project anew, for this test. */
function edit(file: string, change: (text: string) => string): void {
  undone.push(project.edit(file, change));
}

function at(file: string): string {
  return path.join(project.folder, file);
}

function read(file: string): string {
  return readFileSync(at(file), 'utf8');
}

describe('sluice db pull', () => {
  it("writes the repository's own tables as its table files say them", async () => {
    const output = at('pulled');

    const { exitCode, stdout, stderr } = await project.run('db', 'pull', '--output', output);

    expect(exitCode).toBe(0);
    expect(readdirSync(output)).toEqual(readdirSync(at('mappings/tables')));
    expect(stdout).toMatch(/pulled\/student\.yaml +\d+ columns +created/);
    expect(stderr).toContain('Look through the files');
    // A project of these files alone differs in nothing from the database that the hand-written ones made.
    const folder = at('other');
    mkdirSync(path.join(folder, 'mappings'), { recursive: true });
    writeFileSync(path.join(folder, 'sync.config.yaml'), 'version: 1\nproject: other\n');
    await project.run('db', 'pull', '--output', path.join(folder, 'mappings/tables'));
    const file = path.join(folder, 'sync.config.yaml');
    const loaded = await loadProject({ file, environment: {} });
    expect(loaded.problems).toEqual([]);
    expect(await diffTables(project.target.database, [...(loaded.project?.tables.values() ?? [])])).toEqual([]);
  });

  it('leaves files alone that are there', async () => {
    const before = read('mappings/tables/student.yaml');

    const { stdout, stderr } = await project.run('db', 'pull', 'student');

    expect(stdout).toMatch(/mappings\/tables\/student\.yaml +\d+ columns +kept/);
    expect(stderr).toContain('1 file kept.');
    expect(read('mappings/tables/student.yaml')).toBe(before);
  });

  it('writes them anew with --force, and keeps what only a person knows', async () => {
    edit('mappings/tables/student.yaml', (text) =>
      text
        .replace('gifted: { type: boolean', 'gifted: { x-asked: by the board, type: boolean')
        .replace('string(50)', 'string(9)'),
    );

    const { exitCode } = await project.run('db', 'pull', 'student', '--force');

    const text = read('mappings/tables/student.yaml');
    expect(exitCode).toBe(0);
    expect(text).toContain(
      'gifted: { type: boolean, required: true, default: false, owner: local, pii: true, x-asked: by the board }',
    );
    expect(text).toContain('description: A learner. Shares its id with contact.');
    expect(text).not.toContain('string(9)');
  });

  it('does not write over a file that it cannot read', async () => {
    edit('mappings/tables/student.yaml', (text) => `${text}\n  : {`);
    const broken = read('mappings/tables/student.yaml');

    const { stderr } = await project.run('db', 'pull', 'student', '--force');

    expect(read('mappings/tables/student.yaml')).toBe(broken);
    expect(stderr).toContain('no table file');
  });

  it('prints the files with --dry-run, and writes nothing', async () => {
    const output = at('dry');

    const { stdout } = await project.run('db', 'pull', 'school', 'student', '--dry-run', '--output', output);

    expect(stdout).toMatch(/^# dry\/school\.yaml\n# yaml-language-server: .*\ntable: school\n/);
    expect(stdout).toContain('# dry/student.yaml');
    expect(existsSync(output)).toBe(false);
  });

  it('gives programs the files and what they cannot say', async () => {
    await project.target.database.query('CREATE TABLE IF NOT EXISTS loose (id int)');

    const { json } = await project.run('db', 'pull', '--json', '--output', at('json'));

    expect(json()).toMatchObject({
      status: 0,
      result: {
        schema: 'public',
        written: true,
        files: expect.arrayContaining([
          {
            table: 'school',
            path: 'json/school.yaml',
            action: 'created',
            columns: expect.any(Number),
            text: expect.any(String),
          },
        ]),
        not_said: expect.arrayContaining([
          {
            table: 'loose',
            column: null,
            code: 'no_primary_key',
            message: expect.any(String),
            next: expect.any(String),
          },
        ]),
      },
    });
    await project.target.database.query('DROP TABLE loose');
  });

  it('works while the rest of the project is missing or wrong', async () => {
    edit('mappings/students.yaml', () => 'mapping: {');

    const { exitCode, stdout } = await project.run('db', 'pull', 'school', '--dry-run');

    expect({ exitCode, first: stdout.split('\n')[0] }).toEqual({ exitCode: 0, first: '# mappings/tables/school.yaml' });
  });

  it.each([
    ['an unknown table', ['scool'], 'NOT_FOUND', 'Did you mean "school"?'],
    ['an unknown schema', ['--schema', 'nowhere'], 'NOT_FOUND', '--schema'],
    ["Sluice's own schema", ['--schema', 'sluice'], 'USAGE_INVALID', '--help'],
  ])('refuses %s', async (_, words, code, action) => {
    const { exitCode, json } = await project.run('db', 'pull', ...words, '--json');

    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({ code, actions: [expect.stringContaining(action)] });
  });
});

describe('with manage: false', () => {
  beforeEach(async () => {
    await project.target.database.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    await project.run('db', 'migrate', '--no-prompt');
    edit('sync.config.yaml', (text) => text.replace('manage: true', 'manage: false'));
  });

  it('db migrate refuses', async () => {
    const { exitCode, json } = await project.run('db', 'migrate', '--json');

    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({
      code: 'USAGE_INVALID',
      message: expect.stringContaining('an app owns these tables'),
    });
  });

  it.each([
    ['a column', 'ALTER TABLE school DROP COLUMN normalized_name', 'school.normalized_name is not in the database.'],
    [
      'a unique key',
      'ALTER TABLE contact DROP CONSTRAINT contact_salesforce_individual_id_key',
      'contact has no unique index on salesforce_individual_id, by which its rows are found.',
    ],
    ['a table', 'DROP TABLE phone', 'The table phone is not in the database.'],
  ])('a run and a plan that lack %s refuse, and change nothing', async (_, sql, message) => {
    await project.target.database.query(sql);

    const plan = await project.run('plan', '--json');
    const run = await project.run('run', '--json');
    for (const { exitCode, json } of [plan, run]) {
      expect(exitCode).toBe(2);
      expect(json()).toMatchObject({ code: 'DATABASE_SCHEMA_MISMATCH', message: expect.stringContaining(message) });
    }
  });
});
