import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Check } from '../../src/doctor/check.ts';
import { openTestProject, type TestProject } from '../support/cli.ts';
import { LINT, success } from './json-shapes.ts';

interface Success<T> {
  readonly status: number;
  readonly result: T;
}

let project: TestProject;
beforeAll(async () => {
  project = await openTestProject({ badStudents: 0.02 });
});
afterAll(() => project.close());

describe('sluice lint', () => {
  it('finds nothing wrong in the repository, and says so in the promised shape', async () => {
    const { exitCode, json } = await project.run('lint', '--json');

    expect(exitCode).toBe(0);
    expect(new Ajv2020().validate(success(LINT), json())).toBe(true);
  });

  it('ends with 1 on an error, names file, line and column, and still prints one object', async () => {
    const undo = project.edit('mappings/students.yaml', (text) =>
      text.replace('mapping: students', 'mapping: students\nphasees: {}'),
    );
    const people = await project.run('lint');
    const programs = await project.run('lint', '--json');
    undo();

    expect(people.exitCode).toBe(1);
    expect(people.stdout).toMatch(/^mappings\/students\.yaml:4:1 error unknown-key: /m);
    expect(people.stderr).toMatch(/1 error/);
    expect(programs.json()).toMatchObject({
      status: 1,
      code: 'LINT_FAILED',
      result: { problems: [{ file: 'mappings/students.yaml', line: 4, column: 1, severity: 'error' }] },
    });
  });

  it('lets no command begin on a project with errors', async () => {
    const undo = project.edit('mappings/students.yaml', (text) =>
      text.replace('mapping: students', 'mapping: students\nphasees: {}'),
    );
    const { exitCode, json } = await project.run('run', '--json');
    undo();

    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({ status: 2, code: 'CONFIG_UNKNOWN_KEY' });
  });

  it('names an environment variable that is missing', async () => {
    const undo = project.edit('sync.config.yaml', (text) => text.replace('${SF_AUTH:-demo}', '${SLUICE_NO_SUCH_NAME}'));
    const { exitCode, json } = await project.run('run', '--json');
    undo();

    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({ code: 'CONFIG_ENV_MISSING' });
    expect(json<{ message: string }>().message).toContain('SLUICE_NO_SUCH_NAME');
  });
});

describe('sluice mapping', () => {
  it('lists names, objects, tables and phases', async () => {
    const { result } = (await project.run('mapping', 'list', '--json')).json<Success<{ name: string }[]>>();

    expect(result).toContainEqual(
      expect.objectContaining({
        name: 'students',
        object: 'Contact',
        tables: ['contact', 'student', 'email', 'phone'],
        phases: ['people', 'assign-schools'],
      }),
    );
  });

  it('shows where each column comes from', async () => {
    const { stdout } = await project.run('mapping', 'show', 'students');

    expect(stdout).toMatch(/^first_name +FirstName +trim, required, personal$/m);
  });

  it('offers the nearest name', async () => {
    const { exitCode, json } = await project.run('mapping', 'show', 'student', '--json');

    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({ code: 'NOT_FOUND', actions: expect.arrayContaining(['Did you mean "students"?']) });
  });
});

describe('sluice mapping graph', () => {
  it('draws the order on the terminal, without colours where there are none', async () => {
    const { exitCode, stdout } = await project.run('mapping', 'graph', '--select', 'schools', '--select', 'students');

    expect(exitCode).toBe(0);
    expect(stdout).toBe(`\
    reference
╭───  1 schools   Account → school
│
│   people
│ ╭─  2 students  Contact → contact, student, email, phone
│ │
│ │ assign-schools
│ │   3 students  links of student
╰╌│╌▷   student.school_id → school
  ╰─▶   rows read before

▶ needs it   ▷ waits, and is linked by itself
`);
  });

  it('writes a picture, or Mermaid, as the file is named', async () => {
    const files = ['order.svg', 'order.mmd', 'order.json'].map((name) => path.join(project.folder, name));
    for (const file of files) await project.run('mapping', 'graph', '--output-file', file);

    const [svg, mermaid, json] = files.map((file) => readFileSync(file, 'utf8'));
    expect(svg).toMatch(/^<svg [^]*<title id="title">school-data: the order of its imports<\/title>/);
    expect(mermaid).toMatch(/^flowchart TB\n/);
    expect(Object.keys(JSON.parse(json ?? '') as object)).toEqual(['phases', 'nodes', 'edges', 'heals']);
  });

  it('gives programs nodes and edges', async () => {
    const { result } = (await project.run('mapping', 'graph', '--json')).json<
      Success<{ nodes: { step: number; mapping: string }[]; edges: { from: number; to: number; link: string }[] }>
    >();

    const step = (mapping: string) => result.nodes.find((node) => node.mapping === mapping)?.step;
    expect(result.edges).toContainEqual(
      expect.objectContaining({ from: step('districts'), to: step('schools'), link: 'school.district_id' }),
    );
  });

  it('refuses a name that does not exist, and a file that cannot be written', async () => {
    const name = await project.run('mapping', 'graph', '--select', 'studens', '--json');
    const file = await project.run('mapping', 'graph', '--output-file', '/nowhere/order.svg', '--json');

    expect([name.exitCode, file.exitCode]).toEqual([2, 2]);
    expect(name.json()).toMatchObject({ code: 'SELECTION_EMPTY' });
    expect(file.json()).toMatchObject({ code: 'USAGE_INVALID' });
  });
});

describe('the whole project of this repository', () => {
  let whole: TestProject;
  beforeAll(async () => {
    whole = await openTestProject({}, null);
  });
  afterAll(() => whole.close());

  it('shows all sources of a mapping that has several, and a single one', async () => {
    const all = await whole.run('mapping', 'show', 'history', '--json');
    const one = await whole.run('mapping', 'show', 'history.tasks', '--json');

    expect(all.json<Success<object[]>>().result).toMatchObject([
      { name: 'history.tasks', group: 'history', source: { object: 'Task' } },
      { name: 'history.emails', group: 'history', source: { object: 'EmailMessage' } },
    ]);
    expect(one.json<Success<object>>().result).toMatchObject({ name: 'history.tasks', source: { object: 'Task' } });
  });

  it('shows what decides about a record beside its columns', async () => {
    const { stdout } = await whole.run('mapping', 'show', 'history');

    expect(stdout).toMatch(/^skipped as lead where starts_with\(source\.WhoId, '00Q'\)$/m);
    expect(stdout).toMatch(/^lookup case_contact: Case\.ContactId by Id$/m);
    expect(stdout).toMatch(/^history \(root; found by salesforce_id; left alone where is_deleted = true\)$/m);
  });

  it('keeps parents before children in this project, whatever the mapping', async () => {
    const { result } = (await whole.run('mapping', 'graph', '--json')).json<
      Success<{ edges: { from: number; to: number }[]; heals: unknown[] }>
    >();

    expect(result.edges.filter(({ from, to }) => from > to)).toEqual([]);
    expect(result.heals).toEqual([]);
  });
});

describe('sluice db', () => {
  it('shows what is missing, makes it, and finds nothing more to do', async () => {
    const before = await project.run('db', 'diff', '--json');
    const made = await project.run('db', 'migrate', '--json');
    const after = await project.run('db', 'diff', '--json');
    const check = await project.run('db', 'check', '--json');

    expect(before.json<Success<{ kind: string }[]>>().result).toContainEqual(
      expect.objectContaining({ kind: 'create_table', table: 'contact' }),
    );
    expect(made.json<Success<unknown[]>>().result.length).toBeGreaterThan(6);
    expect(after.json<Success<{ sql: string | null }[]>>().result.filter(({ sql }) => sql !== null)).toEqual([]);
    expect([check.exitCode, check.json<Success<unknown[]>>().result]).toEqual([0, []]);
  });
});

describe('sluice quarantine', () => {
  beforeAll(async () => {
    await project.run('run', '--json');
  });

  interface Listed {
    readonly total: number;
    readonly entries: { id: string; mapping: string; source_id: string; code: string }[];
  }

  it('lists what could not be loaded, by number, id, code and column, without values', async () => {
    const { result } = (await project.run('quarantine', 'list', '--mapping', 'students', '--json')).json<
      Success<Listed>
    >();

    expect(result.total).toBe(6);
    expect(result.entries).toHaveLength(6);
    expect(Object.keys(result.entries[0] ?? {})).not.toContain('record');
  });

  it('pages', async () => {
    const { result } = (
      await project.run('quarantine', 'list', '--mapping', 'students', '--limit', '4', '--offset', '4', '--json')
    ).json<Success<Listed>>();

    expect([result.total, result.entries.length]).toEqual([6, 2]);
  });

  it('shows a record with its values hidden, and whole only when asked to', async () => {
    const list = await project.run('quarantine', 'list', '--mapping', 'students', '--json');
    const id = list.json<Success<Listed>>().result.entries[0]?.id ?? '';
    const hidden = (await project.run('quarantine', 'show', id, '--json')).json<
      Success<{ record: Record<string, string> }>
    >();
    const shown = (await project.run('quarantine', 'show', id, '--reveal-pii', '--json')).json<
      Success<{ record: Record<string, string>; source_id: string }>
    >();

    const { Id, ...others } = hidden.result.record;
    expect(Id).toBe(shown.result.source_id);
    expect(Object.values(others).filter((value) => value !== '' && !/^\[.*\]$/.test(value))).toEqual([]);
    expect(shown.result.record['Gender__c']).not.toMatch(/^\[/);
  });

  it('writes a list to a file as CSV', async () => {
    const file = path.join(project.folder, 'quarantine.csv');
    const { stdout } = await project.run('quarantine', 'list', '--format', 'csv', '--output-file', file);

    expect(stdout).toBe('');
    expect(readFileSync(file, 'utf8')).toMatch(/^id,mapping,record,code,column,field,rule,seen,last,closed\n\d+,/);
  });
});

describe('sluice db migrate', () => {
  it('does nothing when a change could lose rows, and says which', async () => {
    const { database } = project.target;
    await database.query('ALTER TABLE student ALTER COLUMN legacy_grade TYPE integer USING 1');
    const { exitCode, json } = await project.run('db', 'migrate', '--json');
    await database.query('ALTER TABLE student ALTER COLUMN legacy_grade TYPE varchar(50)');

    expect(exitCode).toBe(1);
    expect(json()).toMatchObject({ status: 1, code: 'DATABASE_UNSAFE_CHANGE' });
    expect(json<{ message: string }>().message).toContain('legacy_grade');
  });
});

describe('sluice doctor', () => {
  it('looks at everything and finds it well', async () => {
    const { exitCode, json } = await project.run('doctor', '--json');

    const { result } = json<Success<{ healthy: boolean; checks: Check[] }>>();
    expect(exitCode).toBe(0);
    expect(result.healthy).toBe(true);
    const [mappings, others] = [/^mapping /, /^(?!mapping |plugin )/].map((kind) =>
      result.checks.filter(({ name }) => kind.test(name)).map(({ name, status }) => [name, status]),
    );
    expect(others).toEqual([
      ['Node.js', 'ok'],
      ['configuration', 'ok'],
      ['disk', expect.stringMatching(/ok|warn/)],
      ['database', 'ok'],
      ['rights', 'ok'],
      ['tables', 'ok'],
      ['org', 'ok'],
      ['API calls', 'ok'],
      ['clock', 'ok'],
    ]);
    const { result: listed } = (await project.run('mapping', 'list', '--json')).json<Success<{ name: string }[]>>();
    expect(new Map(mappings as [string, string][])).toEqual(
      new Map(listed.map(({ name }) => [`mapping ${name}`, 'ok'])),
    );
  });

  it('says of a wrong secret what to do, and looks at the rest all the same', async () => {
    project.environment['SF_CLIENT_SECRET'] = 'wrong';
    const { exitCode, json, stdout } = await project.run('doctor', '--json');
    project.environment['SF_CLIENT_SECRET'] = project.org.credentials.clientSecret;

    const { result } = json<Success<{ checks: Check[] }>>();
    expect(exitCode).toBe(3);
    expect(result.checks).toContainEqual(expect.objectContaining({ name: 'org', status: 'fail', code: 'AUTH_FAILED' }));
    expect(result.checks).toContainEqual(expect.objectContaining({ name: 'database', status: 'ok' }));
    expect(stdout).not.toContain('"wrong"');
  });

  it('names the fields that a mapping wants and the user cannot read', async () => {
    const undo = project.edit('mappings/schools.yaml', (text) =>
      text.replaceAll('School_Code_External_ID__c', 'Missing__c'),
    );
    const { exitCode, json } = await project.run('doctor', '--json');
    undo();

    const { result } = json<Success<{ checks: Check[] }>>();
    expect(exitCode).toBe(3);
    expect(result.checks.find(({ name }) => name === 'mapping schools')?.message).toContain('Missing__c');
  });

  it('ends with 2 when the configuration cannot be read', async () => {
    const undo = project.edit('sync.config.yaml', (text) => text.replace('version: 1', 'version: 1\nprojekt: x'));
    const { exitCode, stdout } = await project.run('doctor');
    undo();

    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/^FAIL +configuration: /m);
    expect(stdout).toMatch(/^skipped +org: /m);
  });
});
