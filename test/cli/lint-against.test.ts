import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Check } from '../../src/doctor/check.ts';
import type { Problem } from '../../src/config/problem.ts';
import type { RunReport } from '../../src/flow/run-events.ts';
import { openTestProject, type TestProject } from '../support/cli.ts';

describe('an org that is not what it was', () => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openTestProject({ students: 40, scale: 0.01 });
  });
  afterAll(() => project.close());

  const lint = async (...flags: string[]) => {
    const printed = await project.run('lint', '--json', ...flags);
    return { ...printed, problems: printed.json<{ result: { problems: Problem[] } }>().result.problems };
  };

  it('is nothing that lint could know of by itself', async () => {
    expect((await lint()).problems).toEqual([]);
  });

  it('is told by `lint --org`, with the place of the field in the SOQL', async () => {
    project.org.schema.hide('Contact.Legacy_Grade__c');

    const { exitCode, problems } = await lint('--org');

    expect(exitCode).toBe(1);
    expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([
      {
        file: 'mappings/students.yaml',
        rule: 'org-field-missing',
        message: expect.stringContaining('Legacy_Grade__c'),
      },
    ]);
    project.org.schema.show('Contact.Legacy_Grade__c');
    expect((await lint('--org')).exitCode).toBe(0);
  });

  it('is told by `lint --db` when it is the database', async () => {
    const { exitCode, problems } = await lint('--db');

    expect(exitCode).toBe(1);
    expect(problems.filter(({ rule }) => rule === 'database-differs').map(({ file }) => file)).toContain(
      'mappings/tables/student.yaml',
    );
  });

  it('is told by a run, before its table, and by how many calls it costs', async () => {
    const first = await project.run('run');
    project.org.schema.addPicklistValue('Contact', 'Gender__c', 'Self-described');
    const doctor = await project.run('doctor', '--json');
    const next = await project.run('run', '--json');

    expect(first.stderr).toMatch(/^About \d+ API calls of [\d,]+ that this run may make\.$/m);
    expect(first.stdout).toMatch(/, \d+ API calls \(about \d+ expected\)/);
    const warning = doctor
      .json<{ result: { checks: Check[] } }>()
      .result.checks.find(({ status, name }) => status === 'warn' && name === 'mapping students');
    expect(warning?.message).toContain('Self-described');
    expect(next.stderr).toContain('▲ Contact.Gender__c has a new value');
    expect(next.json<{ result: RunReport }>().result.drift).toMatchObject([
      { kind: 'new_values', records: 0, mappings: ['students'] },
    ]);
  });
});
