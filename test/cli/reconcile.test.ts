import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Reconciled } from '../../src/app/reconcile.ts';
import { openTestProject, type TestProject } from '../support/cli.ts';

describe('sluice reconcile', () => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openTestProject({}, ['districts', 'schools', 'classes', 'students', 'school-levels']);
    await project.run('run');
  });
  afterAll(() => project.close());

  it('ends with 0 when all agrees, with a line for each mapping', async () => {
    const { exitCode, stdout } = await project.run('reconcile');

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^mapping +in the org +here +/u);
    expect(stdout).toMatch(/^students +300 +300 +0 +0 +0$/mu);
    expect(stdout).toMatch(/^total /mu);
  });

  it('ends with 1 when something differs, says what that means, and which records they are', async () => {
    const { rows } = await project.target.database.query<{ source_id: string }>(
      `DELETE FROM sluice.record WHERE source_id = (SELECT min(source_id) FROM sluice.record
         WHERE mapping_id = (SELECT id FROM sluice.mapping WHERE name = 'students')) RETURNING source_id`,
    );
    const id = rows[0]?.source_id ?? '';

    const people = await project.run('reconcile', 'students');
    expect(people.exitCode).toBe(1);
    expect(people.stdout).toContain('students: 1 record in the org and nowhere here.');
    expect(people.stderr).toContain('sluice reconcile students --fix');

    const csv = await project.run('reconcile', '--select', 'students', '--format', 'csv');
    expect(csv.stdout).toBe(`mapping,kind,Salesforce id,reason\nstudents,lost,${id},\n`);

    const { exitCode, json } = await project.run('reconcile', 'students', '--json');
    expect(exitCode).toBe(1);
    expect(json()).toMatchObject({
      status: 1,
      code: 'RECONCILE_DIFFERS',
      message: 'students: 1 lost.',
      result: {
        mappings: [{ mapping: 'students', in_org: 300, lost: 1, differences: [{ kind: 'lost', id, reason: null }] }],
        values: null,
        repair: null,
      },
    });
  });

  it('mends what differs, and shows the run that did', async () => {
    const fixed = await project.run('reconcile', 'students', '--fix');
    expect(fixed.exitCode).toBe(0);
    expect(fixed.stdout).toMatch(/^Run [0-9a-f-]{36}: succeeded/mu);
    expect(fixed.stdout).toMatch(/^Afterwards:\nmapping .*\nstudents +300 +300 +0 +0 +0$/mu);

    const { exitCode, json } = await project.run('reconcile', '--values', '--json');
    expect(exitCode).toBe(0);
    const { values } = json<{ result: Reconciled }>().result;
    expect(values).toEqual({ differences: [], missing_rows: [], failed: null });
  });

  it('says of an import that reads a file that there is nothing to compare', async () => {
    const { exitCode, stdout, stderr } = await project.run('reconcile', 'school-levels');

    expect([exitCode, stdout]).toEqual([0, '']);
    expect(stderr).toContain('Nothing was compared: what was chosen reads a file, and not the org.\n');
  });

  it('does not take a name that no mapping has', async () => {
    const { exitCode, stderr } = await project.run('reconcile', 'studnets');

    expect(exitCode).toBe(2);
    expect(stderr).toContain('There is no mapping "studnets".');
  });
});
