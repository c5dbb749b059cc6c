import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startOrg } from '../../src/simulator/org.ts';
import { openTestProject, type TestProject } from '../support/cli.ts';

describe('sluice state', () => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openTestProject();
    await project.run('run');
  });
  afterAll(() => project.close());

  it('shows how far each mapping has been read, and what is read next', async () => {
    const { exitCode, stdout } = await project.run('state', 'show', 'students');

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^students +\d{4}-\d\d-\d\d [\d:]{8} UTC .+ what has changed$/mu);
  });

  it('forgets nothing before somebody says what', async () => {
    const unsaid = await project.run('state', 'reset');
    const both = await project.run('state', 'reset', 'students', '--all');

    expect([unsaid.exitCode, both.exitCode]).toEqual([2, 2]);
    expect((await project.run('state', 'show')).stdout).not.toContain('everything');
  });

  it('forgets how far one mapping has been read', async () => {
    const { exitCode, stderr } = await project.run('state', 'reset', 'students');

    expect(exitCode).toBe(0);
    expect(stderr).toBe('1 watermark forgotten. Next: sluice run\n');
    expect((await project.run('state', 'show')).stdout).toMatch(/^students .+ everything: never read to its end$/mu);
  });

  it('forgets in which schema the rows are, for after they were moved', async () => {
    const { exitCode, stderr } = await project.run('state', 'reset', '--schema');

    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /^\d+ mappings no longer tied to a schema\.\n\d+ watermarks? forgotten\. Next: sluice run\n$/u,
    );
  });

  it('takes another import under the name of a mapping only when it is told to', async () => {
    const undo = [
      project.edit('sync.config.yaml', (text) => text.replace('project: school-data', 'project: trips')),
      project.edit('mappings/students.yaml', (text) =>
        text.replace("Contact_Type__c = 'Student'", "Contact_Type__c = 'Student' AND LastName != 'Nobody'"),
      ),
    ];

    const refused = await project.run('run', '--select', 'students');
    const compared = await project.run('reconcile', '--fix', '--select', 'students');
    const reset = await project.run('state', 'reset', 'students', '--import');
    const taken = await project.run('run', '--select', 'students');
    for (const each of undo) each();

    expect([refused.exitCode, compared.exitCode, reset.exitCode, taken.exitCode]).toEqual([2, 2, 0, 0]);
    expect(refused.stderr).toContain(
      "In this database's state, students is another import of the project school-data: it means other records of Contact there than here.",
    );
    expect(refused.stderr).toContain('`sluice state reset NAME --import`');
    expect(reset.stderr).toMatch(
      /^1 mapping no longer tied to what it was\.\n\d+ watermarks? forgotten\. Next: sluice run\n$/u,
    );
  });

  it('takes another org only when it is told to, and says what it needs then', async () => {
    const other = await startOrg({ students: 200, scale: 200 / 145_266 });
    project.environment['SF_LOGIN_URL'] = other.url;

    const refused = await project.run('run', '--select', 'districts');
    const reset = await project.run('state', 'reset', '--org');
    const taken = await project.run('run', '--select', 'districts');
    await other.close();

    expect([refused.exitCode, reset.exitCode, taken.exitCode]).toEqual([2, 0, 0]);
    expect(refused.stdout).toContain('ORG_CHANGED: The rows here come from the org ');
    expect(reset.stderr).toContain('Next: sluice run --full-refresh');
  });
});
