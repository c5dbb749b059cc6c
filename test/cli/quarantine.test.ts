import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestProject, type Printed, type TestProject } from '../support/cli.ts';

interface Entry {
  readonly id: string;
  readonly source_id: string;
  readonly record: Readonly<Record<string, string>> | null;
}

/** Longer than any name may be. */
const CANARY = 'Canary'.repeat(30);

let project: TestProject;
let students: readonly string[];

beforeAll(async () => {
  project = await openTestProject({ badStudents: 0 });
  students = project.org.records.find('Contact', (field) => field('Contact_Type__c') === 'Student', 3);
  for (const id of students) project.org.records.update('Contact', id, { LastName: CANARY });
  await project.run('run', '--json');
});

afterAll(() => project.close());

async function entries(...more: string[]): Promise<readonly Entry[]> {
  const { json } = await project.run('quarantine', 'list', '--json', ...more);
  return json<{ result: { entries: readonly Entry[] } }>().result.entries;
}

describe('sluice quarantine export', () => {
  it('writes all entries with reason, field, next step and what kind of value it is, and no value', async () => {
    const { stdout, exitCode } = await project.run('quarantine', 'export', '--select', 'students');

    expect(exitCode).toBe(0);
    const [heading, ...lines] = stdout.trimEnd().split('\n');
    expect(heading).toBe(
      'id,mapping,record,code,column,field,value,rule,next,attempts,first_seen,last_seen,closed,closed_as,first_run,last_run,fields',
    );
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/,students,\w{18},VALUE_TOO_LONG,contact\.last_name,LastName,/);
    expect(lines[0]).toContain('"[text, up to 255 characters]"');
    expect(stdout).not.toContain('Canary');
  });

  it('writes JSON to a file of its owner alone, with the values only when asked, and the log says so', async () => {
    const file = path.join(project.folder, 'export.json');
    const { stdout } = await project.run(
      'quarantine',
      'export',
      '--format',
      'json',
      '--output-file',
      file,
      '--reveal-pii',
    );

    expect(stdout).toBe('');
    const exported = JSON.parse(readFileSync(file, 'utf8')) as readonly Entry[];
    expect(exported.map(({ record }) => record?.['LastName'])).toEqual([CANARY, CANARY, CANARY]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const log = readFileSync(path.join(project.folder, '.sluice/logs/sluice.log'), 'utf8');
    expect(log).toContain('quarantined records exported with their values');
    expect(log).not.toContain('Canary');
  });

  it('gives programs one object', async () => {
    const { json, stdout } = await project.run('quarantine', 'export', '--json');

    expect(json()).toMatchObject({ status: 0, result: { exported: 3, entries: [{ code: 'VALUE_TOO_LONG' }, {}, {}] } });
    expect(stdout).not.toContain('Canary');
  });
});

describe('sluice quarantine redrive and discard', () => {
  it.each(['redrive', 'discard'])('want to know which records: %s', async (command) => {
    const { exitCode, json } = await project.run('quarantine', command, '--json');

    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({ code: 'USAGE_INVALID' });
  });

  it('say how many were sent, and what became of them', async () => {
    const { exitCode, json } = await project.run('quarantine', 'redrive', '--all', '--json');

    expect(exitCode).toBe(0);
    expect(json()).toMatchObject({
      result: {
        entries: 3,
        loaded: 0,
        still_quarantined: 3,
        run: { api_calls: 0, steps: [{ mapping: 'students' }, {}] },
      },
    });
  });

  it.each([
    ['list'],
    ['list', '--format', 'csv'],
    ['show', '1'],
    ['export', '--format', 'json'],
    ['redrive', '--all'],
    ['redrive', '--all', '--json'],
  ])('say no value of a record: %s %s %s', async (...argv) => {
    const { stdout, stderr } = await project.run('quarantine', ...argv);

    expect(stdout.length).toBeGreaterThan(0);
    expect(`${stdout}${stderr}`).not.toContain('Canary');
  });

  it('load what a wider column takes, and leave the rest', async () => {
    const [first] = students;
    const undo = project.edit('mappings/tables/contact.yaml', (text) =>
      text.replace(/last_name:(\s+)\{ type: string\(\d+\)/, 'last_name:$1{ type: string(255)'),
    );
    await project.run('db', 'migrate', '--no-prompt');
    const { exitCode, stdout } = await project.run('quarantine', 'redrive', first ?? '');
    undo();

    expect(exitCode).toBe(0);
    expect(stdout).toContain('1 record sent down the path again\n1 record loaded\n');
    expect((await entries()).map(({ source_id: id }) => id).toSorted()).toEqual(students.slice(1).toSorted());
  });

  it('discard by number, and redrive what was discarded when it is named', async () => {
    const [entry] = await entries();
    const discarded = await project.run('quarantine', 'discard', entry?.id ?? '');
    const rest = await entries();
    const back = await project.run('quarantine', 'redrive', entry?.id ?? '', '--json');

    expect(discarded.stdout).toBe('1 record discarded.\n');
    expect(rest).toHaveLength(1);
    expect(back.json()).toMatchObject({ result: { entries: 1 } });
  });

  it('pass over nothing in silence', async () => {
    const { stdout, exitCode } = await project.run('quarantine', 'redrive', '--code', 'INVALID_PHONE');

    expect(exitCode).toBe(0);
    expect(stdout).toBe('0 records sent down the path again\n');
  });
});

const encrypted = (text: string): string =>
  text.replace(/^privacy:.*$/m, 'privacy: { reveal: [Id], quarantine: { record: encrypt } }');

async function withKey(value: string, ...argv: string[]): Promise<Printed> {
  process.env['SLUICE_QUARANTINE_KEY'] = value;
  try {
    return await project.run(...argv);
  } finally {
    delete process.env['SLUICE_QUARANTINE_KEY'];
  }
}

describe('a project whose quarantined records are encrypted', () => {
  const key = Buffer.alloc(32, 1).toString('base64');
  const other = Buffer.alloc(32, 2).toString('hex');

  it.each(['', 'too short'])('lets no run begin without a key: "%s"', async (wrong) => {
    const undo = project.edit('sync.config.yaml', encrypted);
    const { exitCode, json } = await withKey(wrong, 'run', '--json');
    undo();

    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({ code: 'QUARANTINE_KEY_MISSING' });
  });

  it('says that a key is another one before it redrives', async () => {
    const undo = project.edit('sync.config.yaml', encrypted);
    const run = await withKey(key, 'run', '--full-refresh', '--json');
    const wrong = await withKey(other, 'quarantine', 'redrive', '--all', '--json');
    const right = await withKey(key, 'quarantine', 'redrive', '--all', '--json');
    undo();

    expect(run.exitCode).toBe(0);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.json()).toMatchObject({
      code: 'QUARANTINE_KEY_MISSING',
      message: expect.stringMatching(/encrypted by key [\da-f]{8}, and SLUICE_QUARANTINE_KEY is key [\da-f]{8}/),
    });
    expect(right.exitCode).toBe(0);
  });
});

describe('sluice retry', () => {
  it('sends what the last run left in quarantine down the path again', async () => {
    await project.run('run', '--full-refresh', '--json');
    const { json, exitCode } = await project.run('retry', '--json');

    expect(exitCode).toBe(0);
    expect(json()).toMatchObject({ result: { run: null, redriven: [{ entries: 3, still_quarantined: 3 }] } });
  });

  it('does the steps again that did not succeed', async () => {
    const bad = project.org.records.find('Contact', (field) => field('Contact_Type__c') === 'Student', 60);
    const names = bad.map((id) => project.org.records.get('Contact', id)?.['LastName']);
    for (const id of bad) project.org.records.update('Contact', id, { LastName: CANARY });
    const stopped = await project.run('run', '--json');
    for (const [nth, id] of bad.entries()) project.org.records.update('Contact', id, { LastName: names[nth] ?? null });
    for (const id of students) project.org.records.update('Contact', id, { LastName: 'Short' });
    const { exitCode, json } = await project.run('retry', '--json');

    expect(stopped.json()).toMatchObject({ status: 1, code: 'QUARANTINE_LIMIT' });
    expect(exitCode).toBe(0);
    expect(json()).toMatchObject({
      result: {
        run: { steps: [{ phase: 'people', mapping: 'students', status: 'succeeded' }] },
        redriven: [],
      },
    });
    expect(await entries()).toEqual([]);
  });

  it('says when there is nothing to do, and when there is no such run', async () => {
    const nothing = await project.run('retry');
    const unknown = await project.run('retry', 'ffffffff', '--json');

    expect(nothing).toMatchObject({ exitCode: 0, stdout: '' });
    expect(nothing.stderr).toContain('Nothing failed in that run');
    expect(unknown.json()).toMatchObject({ code: 'NOT_FOUND' });
  });
});
