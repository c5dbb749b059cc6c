import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestProject, startSluice, type TestProject } from '../support/cli.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

interface StoredRun {
  readonly status: string;
  readonly steps: { phase: string; mapping: string; status: string }[];
}

describe('sluice as a process', () => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openTestProject();
  });
  afterAll(() => project.close());

  const start = (...argv: string[]) => startSluice([...argv, ...project.config], project.environment);

  it('prints its help and ends with 0', async () => {
    const { exitCode, stdout, stderr } = await startSluice(['--help']).ended;

    expect(exitCode).toBe(0);
    expect(stdout).toContain('COMMANDS');
    expect(stderr).toBe('');
  });

  it('ends with 2 for a command that does not exist', async () => {
    const { exitCode, stdout, stderr } = await startSluice(['rnu']).ended;

    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('Error USAGE_INVALID: ');
    expect(stderr).toContain('Did you mean "run"?');
  });

  it('ends with 2 for a flag that does not exist, as JSON where JSON was asked for', async () => {
    const { exitCode, json, stderr } = await startSluice(['run', '--slect', 'students', '--json']).ended;

    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({ status: 2, code: 'USAGE_INVALID' });
    expect(stderr).toBe('');
  });

  it('ends with 2 where there is no project, and where there is nothing to lint', async () => {
    const empty = scratchFolder();
    const config = path.join(empty, 'sync.config.yaml');

    const none = await startSluice(['lint', '--config', config, '--json']).ended;
    writeFileSync(config, 'version: 1\nproject: empty\n');
    mkdirSync(path.join(empty, 'mappings'));
    const nothing = await startSluice(['lint', '--config', config, '--json']).ended;

    expect([none.exitCode, none.json()['code']]).toEqual([2, 'CONFIG_NOT_FOUND']);
    expect([nothing.exitCode, nothing.json()['code']]).toEqual([2, 'NOTHING_TO_LINT']);
  });

  it('marks the run interrupted on Ctrl-C, keeps what was committed, and goes on in the next run', async () => {
    const hold = project.org.faults.add({ fault: { kind: 'hold' }, path: 'Contact', nth: 2, times: 'always' });
    const run = start('run', '--log-file', '-');
    await run.shown('"mapping":"students"');
    run.child.kill('SIGINT');
    const { exitCode, stderr, stdout } = await run.ended;
    hold.release();

    expect(exitCode).toBe(130);
    expect(stderr).toContain('Interrupted: ');
    expect(stdout).toContain('interrupted');
    const shown = (await project.run('runs', 'show', '--json')).json<{ result: StoredRun }>().result;
    expect(shown.status).toBe('interrupted');
    expect(shown.steps.find(({ mapping }) => mapping === 'schools')?.status).toMatch(/^succeeded/);
    const again = await start('run', '--json').ended;
    expect(again.exitCode).toBe(0);
    expect(again.json()).toMatchObject({ status: 0 });
  });

  it('takes a SIGTERM and a signal that comes twice at once for one', async () => {
    const hold = project.org.faults.add({ fault: { kind: 'hold' }, path: 'Account', times: 'always' });
    const run = start('run', '--log-file', '-');
    await run.shown('run started');
    run.child.kill('SIGTERM');
    run.child.kill('SIGINT');
    const { exitCode, stdout } = await run.ended;
    hold.release();

    expect(exitCode).toBe(130);
    expect(stdout).toContain('interrupted');
  });

  it('finds a run whose process was killed, and does what it left', async () => {
    const hold = project.org.faults.add({ fault: { kind: 'hold' }, path: 'Contact', nth: 2, times: 'always' });
    const run = start('run', '--full-refresh', '--log-file', '-');
    await run.shown('"step":"people/students"');
    run.child.kill('SIGKILL');
    await run.ended;
    hold.release();
    const again = await start('run', '--json').ended;
    const list = (await project.run('runs', 'list', '--json')).json<{ result: { status: string }[] }>().result;

    expect(again.exitCode).toBe(0);
    expect(list.slice(0, 2).map(({ status }) => status)).toEqual([expect.stringMatching(/^succeeded/), 'interrupted']);
  });
});

describe('the demo on an embedded database', () => {
  let project: TestProject;
  let embedded: Record<string, string>;
  beforeAll(async () => {
    project = await openTestProject({ students: 1 }, ['districts', 'schools', 'classes', 'students', 'organizations']);
    embedded = { ...project.environment, DATABASE_URL: '', SF_AUTH: '' };
  });
  afterAll(() => project.close());

  it('imports twice, shows that nothing changes, and says what is simulated and what to do next', async () => {
    const { exitCode, stdout, stderr } = await startSluice(['demo', '--students', '600', ...project.config], embedded)
      .ended;

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ {2}people +students +read 600 = inserted 600$/m);
    expect(stdout).toMatch(/^ {2}people +students +read 0$/m);
    expect(stdout).toMatch(
      /^student\.school_id: 115 linked, 2 waiting for 2 schools that are not there, 483 name no school\.$/m,
    );
    expect(stdout).toContain('The second run wrote nothing');
    expect(stderr).toContain('This is the simulated org');
    expect(stderr).toContain('sluice db start');
  });

  it('tells its story with the tagged mapping and what it needs, however many others there are', async () => {
    const story = await startSluice(['demo', '--students', '600', '--json', ...project.config], embedded).ended;
    const all = await startSluice(['demo', '--students', '600', '--all', '--json', ...project.config], embedded).ended;

    const mappings = ({ json }: typeof story) =>
      json<{ result: { first: { steps: { mapping: string }[] } } }>().result.first.steps.map(({ mapping }) => mapping);
    expect(mappings(story)).toEqual(['districts', 'schools', 'classes', 'students', 'students']);
    expect(mappings(all)).toEqual(expect.arrayContaining([...mappings(story), 'organizations']));
  });

  it('refuses an org of another size, whose ids stand for other people, and says how to start anew', async () => {
    const { exitCode, stdout, stderr } = await startSluice(['demo', '--students', '50', ...project.config], embedded)
      .ended;

    expect(exitCode).toBe(2);
    expect(stdout).toContain('ORG_CHANGED');
    expect(stderr).toContain('sluice demo --fresh');
  });

  it('can be looked at: db start says where, and ends well on Ctrl-C', async () => {
    const server = startSluice(['db', 'start', ...project.config], embedded);
    await server.shown('Stop with Ctrl-C.');
    const { openDatabase } = await import('../../src/database/open-database.ts');
    const url = server.printed(/postgres:\S+/);
    const database = await openDatabase({ url, schema: 'public' });
    const { rows } = await database.query('SELECT count(*)::int AS students FROM student');
    await database.close();
    server.child.kill('SIGINT');
    const { exitCode, stderr } = await server.ended;

    expect(rows).toEqual([{ students: 600 }]);
    expect(exitCode).toBe(0);
    expect(stderr).not.toContain('Interrupted');
  });

  it('starts anew when asked to', async () => {
    const { exitCode, json } = await startSluice(
      ['demo', '--students', '300', '--fresh', '--json', ...project.config],
      embedded,
    ).ended;

    expect(exitCode).toBe(0);
    const { first } = json<{ result: { first: { steps: { mapping: string; counts: object }[] } } }>().result;
    expect(first.steps.find(({ mapping }) => mapping === 'students')?.counts).toMatchObject({
      read: 300,
      inserted: 300,
    });
  });
});
