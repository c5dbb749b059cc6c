import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestProject, type TestProject } from '../support/cli.ts';

let project: TestProject;

beforeAll(async () => {
  project = await openTestProject({ badStudents: 0.02 });
  await project.run('run', '--select', 'students', '--json');
});

afterAll(() => project.close());

/** What a person reads on standard error, and how it ended. */
async function refused(...argv: string[]): Promise<readonly [number, string]> {
  const { exitCode, stderr } = await project.run(...argv);
  return [exitCode, stderr];
}

describe('a name that nobody knows', () => {
  it.each([
    ['quarantine', 'list', '--select', 'studnets'],
    ['quarantine', 'export', '--select', 'studnets'],
    ['quarantine', 'redrive', '--select', 'studnets'],
    ['quarantine', 'discard', '--select', 'studnets'],
    ['deletes', 'list', '--select', 'studnets'],
    ['deletes', 'confirm', '--all', '--select', 'studnets'],
    ['deletes', 'discard', '--all', '--select', 'studnets'],
    ['state', 'show', 'studnets'],
  ])('is no empty list: %s %s', async (...argv) => {
    expect(await refused(...argv)).toEqual([
      2,
      'Error NOT_FOUND: There is no mapping "studnets". Did you mean "students"?\n' +
        '  Next: Run `sluice mapping list` to see their names.\n',
    ]);
  });

  it('is told with the command that names what there is', async () => {
    expect(await refused('quarantine', 'redrive', '999')).toEqual([
      2,
      'Error NOT_FOUND: Nothing by the name 999 is in quarantine.\n' +
        '  Next: Run `sluice quarantine list` to see what is there.\n',
    ]);
    expect((await refused('quarantine', 'show', '999'))[1]).toContain('Next: Run `sluice quarantine list`');
    expect((await refused('deletes', 'confirm', '999'))[1]).toContain('Next: Run `sluice deletes list`');
    expect((await refused('runs', 'show', 'zz'))[1]).toContain('Next: Run `sluice runs list`');
  });
});

describe('a list in which nothing is', () => {
  it('does not say that all is well where only nothing is like what was asked for', async () => {
    const { exitCode, stderr } = await project.run(
      'quarantine',
      'list',
      '--select',
      'students',
      '--code',
      'FK_NOT_FOUND',
    );

    expect([exitCode, stderr]).toEqual([0, 'Nothing like that is in quarantine.\n']);
  });

  it('says of records that are gone what was asked for', async () => {
    expect((await project.run('deletes', 'list')).stderr).toBe('No gone record waits for anything.\n');
    expect((await project.run('deletes', 'list', '--status', 'done')).stderr).toBe('No gone record is done.\n');
  });
});

describe('names behind a command that takes none', () => {
  it('are what --select is for', async () => {
    expect(await refused('run', 'students', 'classes')).toEqual([
      2,
      'Error USAGE_INVALID: `sluice run` does not take "students classes".\n' +
        '  Next: Did you mean `sluice run --select students,classes`?\n' +
        '  Next: Run the command with --help to see its arguments and flags.\n',
    ]);
    expect((await refused('quarantine', 'list', 'students'))[1]).toContain('quarantine list --select students`?');
  });

  it('are not taken for another command where nothing can be chosen', async () => {
    expect(await refused('doctor', 'students')).toEqual([
      2,
      'Error USAGE_INVALID: `sluice doctor` does not take "students".\n' +
        '  Next: Run the command with --help to see its arguments and flags.\n',
    ]);
  });
});

async function windowSince(since: string): Promise<string | null | undefined> {
  const { json } = await project.run('run', '--select', 'students', '--since', since, '--json');
  return json<{ result?: { steps: readonly { reading: { from: string } | null }[] } }>().result?.steps[0]?.reading
    ?.from;
}

describe('--since and --until', () => {
  it.each([
    ['2026-05-01', '2026-05-01T00:00:00.000Z'],
    ['2026-05-01T12:00Z', '2026-05-01T12:00:00.000Z'],
    ['2026-05-01T12:00', '2026-05-01T12:00:00.000Z'],
    ['2026-05-01 12:00:30 UTC', '2026-05-01T12:00:30.000Z'],
    ['2026-05-01T12:00:00+02:00', '2026-05-01T10:00:00.000Z'],
  ])('take a time as it is printed everywhere: %s', async (text, from) => {
    expect(await windowSince(text)).toBe(from);
  });

  it('name only what was asked for', async () => {
    const { stdout } = await project.run('run', '--select', 'students', '--since', '2026-05-01');

    expect(stdout).toContain('Read what was changed from 2026-05-01 00:00:00 UTC (asked for by --since): students\n');
  });

  it.each(['2026-13-40', 'tomorrow', '2026-05-01T', '2026-05-01T25:00'])(
    'refuse in one line what is no time: %s',
    async (text) => {
      expect(await refused('run', '--since', text)).toEqual([
        2,
        `Error USAGE_INVALID: Parsing --since: "${text}" is no time like 2026-05-01 or 2026-05-01T12:00:00Z.\n` +
          '  Next: Run the command with --help to see its arguments and flags.\n',
      ]);
    },
  );
});

describe('sluice state reset', () => {
  it('tells what is too much, and what is too little', async () => {
    expect((await refused('state', 'reset', 'students', '--all'))[1]).toContain('are for all mappings: name none with');
    expect((await refused('state', 'reset'))[1]).toContain(
      'Name the mappings to reset, or say --all, --org or --schema.',
    );
  });
});

describe('sluice quarantine', () => {
  it('says once of what was seen once', async () => {
    const { json } = await project.run('quarantine', 'list', '--select', 'students', '--json');
    const [entry] = json<{ result: { entries: readonly { id: string }[] } }>().result.entries;

    expect((await project.run('quarantine', 'show', entry?.id ?? '')).stdout).toMatch(
      /^seen (?:once, 2|\d+ times, first 2)/mu,
    );
  });
});
