import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeletionEntry } from '../../src/state/deletion-decisions.ts';
import { openTestProject, type TestProject } from '../support/cli.ts';

interface Listed {
  readonly result: { readonly total: number; readonly deletions: readonly DeletionEntry[] };
}

describe('a mass deletion, at the command line', () => {
  let project: TestProject;
  let gone: readonly string[];
  beforeAll(async () => {
    project = await openTestProject({ students: 60, schools: 4 });
    await project.run('run');
    gone = project.org.records.find('Contact', (field) => field('Contact_Type__c') === 'Student', 14);
    for (const id of gone) project.org.records.remove('Contact', id);
  });
  afterAll(() => project.close());

  const inactive = async (): Promise<number> => {
    const { rows } = await project.target.database.query('SELECT 1 FROM student WHERE NOT active');
    return rows.length;
  };

  it('stops the run with a failure that says how many, and what to do', async () => {
    const { exitCode, stdout, stderr } = await project.run('run');

    expect(exitCode).toBe(1);
    expect(stdout).toContain('students: 14 of ');
    expect(stderr).toContain('sluice deletes list --select students');
    expect(await inactive()).toBe(0);
  });

  it('is listed, without a value of any record', async () => {
    const { stdout } = await project.run('deletes', 'list', '--select', 'students', '--limit', '5');
    const { json } = await project.run('deletes', 'list', '--json');

    expect(stdout).toMatch(/^mapping +Salesforce id +why +merged into +status +since$/m);
    expect(stdout.match(/students +003\w{15} +deleted +- +pending/g)).toHaveLength(5);
    expect(json<Listed>().result.total).toBe(14);
    expect(new Set(json<Listed>().result.deletions.map(({ source_id: id }) => id))).toEqual(new Set(gone));
  });

  it('is decided for the records that are named, and for no others', async () => {
    const [first = '', second = ''] = gone;

    const discarded = await project.run('deletes', 'discard', first);
    const confirmed = await project.run('deletes', 'confirm', second);
    await project.run('run');

    expect(discarded.stdout).toBe('1 record discarded: their rows stay.\n');
    expect(confirmed.stdout).toContain('1 record confirmed');
    expect(await inactive()).toBe(1);
  });

  it('must be told about which records it is', async () => {
    const { exitCode, stderr } = await project.run('deletes', 'confirm');

    expect(exitCode).toBe(2);
    expect(stderr).toContain('--all');
  });

  it('is carried out by the next run once all are confirmed', async () => {
    await project.run('deletes', 'confirm', '--all', '--select', 'students');

    const { exitCode } = await project.run('run');

    expect(exitCode).toBe(0);
    expect(await inactive()).toBe(13);
    const { json } = await project.run('deletes', 'list', '--status', 'ignored', '--json');
    expect(json<Listed>().result.deletions.map(({ source_id: id }) => id)).toEqual([gone[0]]);
  });
});
