import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { RunReport } from '../../src/flow/run-events.ts';
import { acquireRunLock } from '../../src/state/lock.ts';
import { openTestProject, type TestProject } from '../support/cli.ts';
import { FAILURE, PLAN, RUN, success } from './json-shapes.ts';

const ajv = new Ajv2020({ allErrors: true });
/** Why a value does not have a shape; null when it has. */
const misfits = (schema: object, value: unknown) => (ajv.validate(schema, value) ? null : ajv.errors);

interface Success<T> {
  readonly status: number;
  readonly result: T;
  readonly warnings: readonly string[];
}

describe('sluice run', () => {
  let project: TestProject;
  let report: RunReport;
  beforeAll(async () => {
    project = await openTestProject();
  });
  afterAll(() => project.close());

  it('plans on an empty database without leaving a trace in it', async () => {
    const { exitCode, json } = await project.run('plan', '--json');

    expect(exitCode).toBe(0);
    const plan = json<Success<RunReport>>();
    expect(misfits(success(PLAN), plan)).toBeNull();
    expect(plan.result.status).toBe('planned');
    expect(plan.result.steps.map(({ status }) => status)).toEqual(plan.result.steps.map(() => 'planned'));
    expect(plan.result.steps.find(({ mapping }) => mapping === 'students')?.tables['contact']?.inserted).toBe(300);
    const { rows } = await project.target.database.query(`SELECT to_regclass('contact') AS there`);
    expect(rows).toEqual([{ there: null }]);
  });

  it('writes what the plan has shown, and prints one object of the promised shape', async () => {
    const { exitCode, json } = await project.run('run', '--json');

    expect(exitCode).toBe(0);
    const run = json<Success<RunReport>>();
    expect(misfits(success(RUN), run)).toBeNull();
    report = run.result;
    const { rows } = await project.target.database.query('SELECT count(*)::int AS contacts FROM contact');
    expect(rows).toEqual([{ contacts: 300 }]);
  });

  it('writes nothing when nothing has changed, and says so to people on stdout', async () => {
    const { exitCode, stdout, stderr } = await project.run('run');

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Run [0-9a-f-]{36}: succeeded/);
    expect(stdout).toMatch(/Every record accounted for:[^]* people +students +read 0\n/);
    expect(stderr).toMatch(/people +students +0 read/);
    expect(stderr).not.toContain('\u001B');
  });

  it('does one phase alone', async () => {
    const { json } = await project.run('run', '--phase', 'assign-schools', '--json');

    const { result } = json<Success<RunReport>>();
    expect(result.steps.map(({ phase, mapping }) => `${phase} ${mapping}`)).toEqual(['assign-schools students']);
    expect(result.api_calls).toBe(0);
  });

  it('does a dry run as a plan', async () => {
    const { json } = await project.run(
      'run',
      '--dry-run',
      '--full-refresh',
      '--limit',
      '10',
      '--select',
      'students',
      '--json',
    );

    const { result } = json<Success<RunReport>>();
    expect(result.status).toBe('planned');
    expect(result.steps[0]?.counts.read).toBe(10);
  });

  it('refuses a name that does not exist, with the nearest one', async () => {
    const { exitCode, json } = await project.run('run', '--select', 'studens', '--json');

    expect(exitCode).toBe(2);
    expect(misfits(FAILURE, json())).toBeNull();
    expect(json()).toMatchObject({ status: 2, code: 'SELECTION_EMPTY' });
    expect(json<{ actions: string[] }>().actions.join(' ')).toContain('students');
  });

  it('says who holds the lock', async () => {
    const lock = await acquireRunLock(project.target.database, 'school-data');
    try {
      const { exitCode, stderr } = await project.run('run');

      expect(exitCode).toBe(6);
      expect(stderr).toContain('Error RUN_LOCKED: ');
    } finally {
      await lock.release();
    }
  });

  it('keeps its history: runs list and runs show', async () => {
    const list = await project.run('runs', 'list', '--json');
    const shown = await project.run('runs', 'show', report.run_id, '--json');

    expect(list.json<Success<{ run_id: string }[]>>().result.map(({ run_id: id }) => id)).toContain(report.run_id);
    const { result } = shown.json<Success<RunReport>>();
    expect(result.steps.map(({ counts }) => counts)).toEqual(report.steps.map(({ counts }) => counts));
  });

  it('tells where the pipeline stands', async () => {
    const { exitCode, json } = await project.run('status', '--json');

    expect(exitCode).toBe(0);
    const { mappings } = json<Success<{ mappings: { mapping: string; records: number }[] }>>().result;
    expect(mappings.find(({ mapping }) => mapping === 'students')?.records).toBe(300);
  });

  it('says with a run id that does not exist what to do', async () => {
    const { exitCode, json } = await project.run('runs', 'show', 'ffffffff', '--json');

    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({ status: 2, code: 'NOT_FOUND' });
  });
});

describe('surroundings that fail', () => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openTestProject();
  });
  afterAll(() => project.close());

  it('refuses to write when an app owns the tables and they do not fit', async () => {
    const undo = project.edit('sync.config.yaml', (text) => text.replace('manage: true', 'manage: false'));
    const { exitCode, json } = await project.run('run', '--json');
    const check = await project.run('db', 'check', '--json');
    const migrate = await project.run('db', 'migrate', '--json');
    undo();

    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({ code: 'DATABASE_SCHEMA_MISMATCH' });
    expect(check.exitCode).toBe(1);
    expect(migrate.json()).toMatchObject({ status: 2, code: 'USAGE_INVALID' });
  });

  it('ends with 3 when the credentials are wrong, and tries only once', async () => {
    project.environment['SF_CLIENT_SECRET'] = 'wrong';
    const { exitCode, json } = await project.run('run', '--json');
    project.environment['SF_CLIENT_SECRET'] = project.org.credentials.clientSecret;

    expect(exitCode).toBe(3);
    expect(json()).toMatchObject({ status: 3, code: 'AUTH_FAILED', result: { status: 'failed' } });
  });

  it('ends with 2 and names the variables when credentials are missing', async () => {
    project.environment['SF_CLIENT_SECRET'] = '';
    const { exitCode, json } = await project.run('run', '--json');
    project.environment['SF_CLIENT_SECRET'] = project.org.credentials.clientSecret;

    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({ code: 'AUTH_INCOMPLETE' });
    expect(json<{ message: string }>().message).toContain('SF_CLIENT_SECRET');
  });

  it('ends with 3 when the database cannot be reached', async () => {
    const address = project.environment['DATABASE_URL'] ?? '';
    project.environment['DATABASE_URL'] = 'postgres://nobody:secret@127.0.0.1:9/none';
    const { exitCode, json, stdout } = await project.run('run', '--json');
    project.environment['DATABASE_URL'] = address;

    expect(exitCode).toBe(3);
    expect(misfits(FAILURE, json())).toBeNull();
    expect(json()).toMatchObject({ code: 'DATABASE_UNREACHABLE' });
    expect(stdout).not.toContain('secret');
  });

  it('fails the step, not its neighbours, when the org lacks a field', async () => {
    const undo = project.edit('mappings/schools.yaml', (text) => text.replaceAll(/\bName\b/g, 'Nmae__c'));
    const { exitCode, json } = await project.run('run', '--json');
    undo();

    expect(exitCode).toBe(1);
    const { result } = json<{ result: RunReport }>();
    expect(result.steps.map(({ mapping, status }) => [mapping, status])).toContainEqual(['schools', 'failed']);
    expect(result.steps.find(({ mapping }) => mapping === 'districts')?.status).toBe('succeeded');
  });
});
