import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/config/problem.ts';
import type { Check } from '../../src/doctor/check.ts';
import { ERRORS, type ErrorCode } from '../../src/errors/codes.ts';
import type { RunReport } from '../../src/flow/run-events.ts';
import { openTestProject, type Printed, type TestProject } from '../support/cli.ts';

interface Failed {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly actions: readonly string[];
}

let project: TestProject;
beforeAll(async () => {
  project = await openTestProject({ jobPace: { pollsQueued: 0, pollsRunning: 0 } });
});
afterAll(() => project.close());

const undo: (() => void)[] = [];
afterEach(() => {
  for (const step of undo.splice(0).toReversed()) step();
  project.org.faults.clear();
});

function edit(file: string, change: (text: string) => string): void {
  undo.push(project.edit(file, change));
}

function setVariable(name: string, value: string): void {
  const before = project.environment[name] ?? '';
  project.environment[name] = value;
  undo.push(() => {
    project.environment[name] = before;
  });
}

/** Exit code and code, which must be the ones that the table of codes promises, and some next step. */
function expectFailure({ exitCode, json }: Printed, code: ErrorCode, exit: number = ERRORS[code].exit): Failed {
  const failed = json<Failed>();
  expect({ exitCode, status: failed.status, code: failed.code }).toEqual({ exitCode: exit, status: exit, code });
  expect(failed.actions.join(' ')).toMatch(/[a-z]/);
  return failed;
}

async function numberOf(sql: string): Promise<number> {
  const { rows } = await project.target.database.query<{ count: number }>(`SELECT (${sql})::int AS count`);
  return rows[0]?.count ?? Number.NaN;
}

async function execute(sql: string): Promise<void> {
  await project.target.database.query(sql);
}

const targetTables = () => numberOf(`SELECT count(*) FROM pg_tables WHERE schemaname = 'public'`);

describe('YAML that is wrong', () => {
  const WRONG = [
    {
      what: 'broken text',
      change: (text: string) => text.replace('phases:\n', 'phases: [\n'),
      code: 'CONFIG_INVALID',
      rule: 'yaml-syntax',
      says: /./,
    },
    {
      what: 'a key that nobody knows',
      change: (text: string) => text.replace('transform: [trim]', 'transfrom: [trim]'),
      code: 'CONFIG_UNKNOWN_KEY',
      rule: 'unknown-key',
      says: /transform\b/,
    },
    {
      what: 'a wrong type',
      change: (text: string) => text.replace(/^tags: .*$/m, 'tags: 7'),
      code: 'CONFIG_INVALID',
      rule: 'wrong-type',
      says: /list/,
    },
  ] as const;

  it.each(WRONG)('$what stops every command at its place, before anything is opened', async (wrong) => {
    edit('mappings/schools.yaml', wrong.change);
    const requests = project.org.requests.length;

    const lint = await project.run('lint', '--json');
    const plan = await project.run('plan', '--json');
    const run = await project.run('run', '--json');
    const doctor = await project.run('doctor', '--json');

    expectFailure(lint, 'LINT_FAILED');
    const { problems } = lint.json<{ result: { problems: Problem[] } }>().result;
    const found = problems.find(({ rule }) => rule === wrong.rule);
    expect(found).toMatchObject({
      file: 'mappings/schools.yaml',
      line: expect.any(Number),
      column: expect.any(Number),
    });
    expect(`${found?.message} ${found?.suggestion}`).toMatch(wrong.says);
    for (const command of [plan, run]) {
      const { message, actions } = expectFailure(command, wrong.code);
      expect(message).toMatch(/^mappings\/schools\.yaml:\d+:\d+: /);
      expect([message, ...actions].join(' ')).toMatch(wrong.says);
    }
    expect(doctor.exitCode).toBe(2);
    expect(project.org.requests).toHaveLength(requests);
    expect(await targetTables()).toBe(0);
  });

  it('a missing environment variable is named by lint and doctor too', async () => {
    edit('sync.config.yaml', (text) =>
      text.replace('${SF_LOGIN_URL:-https://login.salesforce.com}', '${SLUICE_NOT_SET}'),
    );

    const lint = await project.run('lint', '--json');
    const plan = await project.run('plan', '--json');
    const doctor = await project.run('doctor', '--json');

    expectFailure(lint, 'LINT_FAILED');
    expect(lint.json<{ result: { problems: Problem[] } }>().result.problems).toContainEqual(
      expect.objectContaining({ file: 'sync.config.yaml', message: expect.stringContaining('SLUICE_NOT_SET') }),
    );
    const { message, actions } = expectFailure(plan, 'CONFIG_ENV_MISSING');
    expect(message).toContain('SLUICE_NOT_SET');
    expect(actions[0]).toContain('Set SLUICE_NOT_SET');
    expect(doctor.exitCode).toBe(2);
    expect(doctor.stdout).toContain('SLUICE_NOT_SET');
  });
});

describe('surroundings that refuse', () => {
  it('wrong credentials of the org fail plan and run, write no row, and show no secret', async () => {
    setVariable('SF_CLIENT_SECRET', 'Tr0ub4dor-secret');

    for (const command of ['plan', 'run']) {
      const printed = await project.run(command, '--json');

      expectFailure(printed, 'AUTH_FAILED');
      expect(printed.json<{ result: RunReport }>().result.steps).toHaveLength(1);
      expect(printed.stdout + printed.stderr).not.toContain('Tr0ub4dor');
    }
    expect(await numberOf('SELECT count(*) FROM district')).toBe(0);
  });

  it.each([
    ['a wrong password', (url: URL) => void (url.password = 'Tr0ub4dor-secret'), /DATABASE_AUTH_FAILED/],
    ['a user that does not exist', (url: URL) => void (url.username = 'nobody'), /DATABASE_AUTH_FAILED/],
    ['a database that does not exist', (url: URL) => void (url.pathname = '/no_such_database'), /DATABASE_AUTH_FAILED/],
    ['a port where nobody listens', (url: URL) => void (url.port = '9'), /DATABASE_UNREACHABLE/],
  ])('%s, for the database, ends every command that needs it with 3', async (_, change, code) => {
    const url = new URL(project.target.url);
    change(url);
    setVariable('DATABASE_URL', url.href);

    const plan = await project.run('plan', '--json');
    const doctor = await project.run('doctor', '--json');

    expect([plan.exitCode, doctor.exitCode]).toEqual([3, 3]);
    expect(plan.json<Failed>().code).toMatch(code);
    expect(plan.json<Failed>().actions.join(' ')).toContain('DATABASE_URL');
    const check = doctor.json<{ result: { checks: Check[] } }>().result.checks.find(({ name }) => name === 'database');
    expect(check).toMatchObject({ status: 'fail', code: expect.stringMatching(code) });
    expect(plan.stdout + plan.stderr + doctor.stdout + doctor.stderr).not.toContain(url.password);
  });

  it('a web page of a proxy in place of the login is no answer', async () => {
    project.org.faults.add({
      fault: { kind: 'status', status: 200, html: true },
      path: '/oauth2/token',
      times: 'always',
    });

    const { message } = expectFailure(await project.run('run', '--json'), 'ORG_UNEXPECTED_ANSWER');

    expect(message).not.toContain('<');
  });

  it('a web page of a proxy in place of records stops the run, says so, and loses nothing', async () => {
    const page = { kind: 'status', status: 407, html: true } as const;
    const fault = project.org.faults.add({ fault: page, path: '/query', times: 'always' });

    const stopped = await project.run('run', '--json');
    fault.release();
    const next = await project.run('run', '--json');

    const { message } = expectFailure(stopped, 'ORG_UNEXPECTED_ANSWER');
    expect(message).toContain('HTTP 407');
    expect(message).toContain('web page');
    expect(next.exitCode).toBe(0);
    expect(await numberOf('SELECT count(*) FROM student')).toBe(300);
  });
});

describe('a database whose tables do not fit', () => {
  beforeAll(async () => {
    await project.run('run', '--json');
  });

  it('where an app owns them: names the missing column, writes nothing, and changes no table', async () => {
    edit('sync.config.yaml', (text) => text.replace('manage: true', 'manage: false'));
    await execute('ALTER TABLE student DROP COLUMN legacy_grade');
    const runs = await numberOf('SELECT count(*) FROM sluice.run');
    for (const id of project.org.records.find('Contact', (field) => field('Contact_Type__c') === 'Student', 5)) {
      project.org.records.update('Contact', id, { LastName: 'Changed' });
    }

    const run = await project.run('run', '--json');
    const plan = await project.run('plan', '--json');
    const doctor = await project.run('doctor', '--json');

    for (const command of [run, plan]) {
      expect(expectFailure(command, 'DATABASE_SCHEMA_MISMATCH').message).toContain('legacy_grade');
    }
    expect(doctor.json<{ result: { checks: Check[] } }>().result.checks).toContainEqual(
      expect.objectContaining({ name: 'tables', status: 'fail', action: expect.stringContaining('sluice db check') }),
    );
    expect(doctor.exitCode).not.toBe(0);
    expect(await numberOf('SELECT count(*) FROM sluice.run')).toBe(runs);
    expect(await numberOf(`SELECT count(*) FROM contact WHERE last_name = 'Changed'`)).toBe(0);
    await execute('ALTER TABLE student ADD COLUMN legacy_grade varchar(50)');
    expect((await project.run('run', '--json')).exitCode).toBe(0);
    expect(await numberOf(`SELECT count(*) FROM contact WHERE last_name = 'Changed'`)).toBe(5);
  });

  it('where Sluice manages them: makes no change that could lose values, and none of the others either', async () => {
    await execute('ALTER TABLE student ALTER COLUMN legacy_grade TYPE integer USING 1');
    edit('mappings/tables/district.yaml', (text) => `${text}  motto: { type: text }\n`);

    const run = await project.run('run', '--json');
    const plan = await project.run('plan', '--json');
    await execute('ALTER TABLE student ALTER COLUMN legacy_grade TYPE varchar(50)');

    for (const command of [run, plan]) {
      const { message, actions } = expectFailure(command, 'DATABASE_UNSAFE_CHANGE');
      expect(message).toContain('legacy_grade');
      expect(actions.join(' ')).toContain('sluice db diff');
    }
    expect(
      await numberOf(
        `SELECT count(*) FROM information_schema.columns WHERE table_name = 'district' AND column_name = 'motto'`,
      ),
    ).toBe(0);
  });
});

/** The server's own words for a full disk, from a trigger: no real one fills on every machine. */
async function fillDisk(table: string, when: string): Promise<void> {
  await execute(`
    CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF ${when} THEN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER disk_full BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION disk_full()`);
}

describe('a database that may only be read', () => {
  let name: string;
  beforeAll(async () => {
    const { rows } = await project.target.database.query<{ name: string }>('SELECT current_database() AS name');
    name = rows[0]?.name ?? '';
    await execute(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
  });
  afterAll(() => execute(`BEGIN READ WRITE; ALTER DATABASE ${name} RESET default_transaction_read_only; COMMIT`));

  it.each(['run', 'plan', 'db migrate'])('ends `%s` with 3 and says that a right is missing', async (command) => {
    edit('mappings/tables/district.yaml', (text) => `${text}  motto: { type: text }\n`);

    const { actions } = expectFailure(await project.run(...command.split(' '), '--json'), 'DATABASE_PERMISSION');

    expect(actions.join(' ')).toContain('Grant');
  });
});

describe('a full disk', () => {
  beforeAll(async () => {
    await project.run('run', '--json');
  });
  afterEach(() => execute('DROP FUNCTION IF EXISTS disk_full() CASCADE'));

  it('stops the run with 3, keeps every whole commit and no half of one, and quarantines nobody', async () => {
    edit('sync.config.yaml', (text) => text.replace('commit_size: 5000', 'commit_size: 50'));
    await execute('TRUNCATE contact, sluice.record, sluice.watermark, sluice.quarantine CASCADE');
    await fillDisk('student', '(SELECT count(*) FROM student) >= 120');

    const stopped = await project.run('run', '--json');
    const kept = await numberOf('SELECT count(*) FROM student');
    await execute('DROP FUNCTION disk_full() CASCADE');
    const contacts = await numberOf('SELECT count(*) FROM contact');
    const next = await project.run('run', '--json');

    expectFailure(stopped, 'DATABASE_FULL');
    const { steps } = stopped.json<{ result: RunReport }>().result;
    expect(steps.at(-1)).toMatchObject({
      mapping: 'students',
      status: 'failed',
      counts: { inserted: kept, quarantined: 0 },
    });
    expect(kept).toBeGreaterThan(0);
    expect(kept % 50).toBe(0);
    expect(contacts).toBe(kept);
    expect(next.exitCode).toBe(0);
    const students = next.json<{ result: RunReport }>().result.steps.find(({ phase }) => phase === 'people');
    expect(students?.counts).toMatchObject({ read: 300, inserted: 300 - kept, unchanged: kept });
  });

  it('is told as such where not even the end of the run can be written down', async () => {
    await fillDisk('sluice.step', `TG_OP = 'UPDATE'`);

    const printed = await project.run('run', '--json');
    await execute('DROP FUNCTION disk_full() CASCADE');
    const next = await project.run('run', '--json');

    expectFailure(printed, 'DATABASE_FULL');
    expect(next.exitCode).toBe(0);
  });
});

describe('an org that sends little', () => {
  it.each(['rest', 'bulk'])('no record by %s is a success with 0 rows, and one is one', async (api) => {
    edit('mappings/students.yaml', (text) =>
      text
        .replace("'Student'", "'Nobody'")
        .replace('source:\n', `source:\n  api: ${api}\n`)
        // Who was a student here is no Nobody, and would be told as gone.
        .replace(/^deletes: .*$/mu, ''),
    );
    edit('mappings/schools.yaml', (text) =>
      text
        .replace("Type = 'School'", "Type = 'School' LIMIT 1")
        .replace('source:\n', `incremental: false\nsource:\n  api: ${api}\n`),
    );

    const { exitCode, json } = await project.run('run', '--full-refresh', '--json');

    expect(exitCode).toBe(0);
    const { steps } = json<{ result: RunReport }>().result;
    expect(steps.find(({ phase }) => phase === 'people')).toMatchObject({ status: 'succeeded', counts: { read: 0 } });
    expect(steps.find(({ mapping }) => mapping === 'schools')?.counts.read).toBe(1);
  });
});

const NOTE_TABLE = `table: note
description: A text of a teacher.
columns:
  salesforce_id: { type: string(18), required: true, unique: true }
  body: { type: TYPE }
`;
const NOTE_MAPPING = `version: 1
mapping: notes
source:
  api: API
  soql: |
    SELECT Id, Description, SystemModstamp FROM Contact WHERE Contact_Type__c = 'Teacher'
phases:
  reference:
tables:
  note:
    key: salesforce_id
    columns:
      salesforce_id: Id
      body: Description
`;

/** The longest text that Salesforce keeps, in characters of three bytes, with all that CSV must quote. */
const LONGEST = `"quoted", and\nbroken\r\n${'語'.repeat(131_050)}`;

function writeMapping(file: string, text: string): void {
  writeFileSync(path.join(project.folder, 'mappings', file), text);
}

function readNotes(api: string, type: string): void {
  writeMapping('tables/note.yaml', NOTE_TABLE.replace('TYPE', type));
  writeMapping('notes.yaml', NOTE_MAPPING.replace('API', api));
}

describe('a field of 131,072 characters', () => {
  beforeAll(() => {
    const [id = ''] = project.org.records.find('Contact', (field) => field('Contact_Type__c') === 'Teacher');
    project.org.records.update('Contact', id, { Description: LONGEST });
  });

  it.each(['rest', 'bulk'])('arrives whole in a text column, by %s', async (api) => {
    readNotes(api, 'text');
    await execute('DROP TABLE IF EXISTS note; DELETE FROM sluice.record');

    const { exitCode } = await project.run('run', '--select', 'notes', '--json');

    expect(LONGEST).toHaveLength(131_072);
    expect(exitCode).toBe(0);
    const { rows } = await project.target.database.query('SELECT body FROM note WHERE length(body) > 1000');
    expect(rows).toEqual([{ body: LONGEST }]);
  });

  it('is quarantined where the column is shorter, and its neighbours load', async () => {
    readNotes('bulk', 'string(255)');
    await execute('DROP TABLE IF EXISTS note; DELETE FROM sluice.record');

    const run = await project.run('run', '--select', 'notes', '--json');
    const list = await project.run('quarantine', 'list', '--mapping', 'notes', '--json');

    expect(run.exitCode).toBe(0);
    const [step] = run.json<{ result: RunReport }>().result.steps;
    expect(step).toMatchObject({
      status: 'succeeded_with_warnings',
      quarantined: { 'VALUE_TOO_LONG note.body': 1 },
      counts: { quarantined: 1 },
    });
    expect(await numberOf('SELECT count(*) FROM note')).toBe((step?.counts.read ?? 0) - 1);
    expect(list.json<{ result: { entries: object[] } }>().result.entries).toEqual([
      expect.objectContaining({ code: 'VALUE_TOO_LONG' }),
    ]);
  });
});
