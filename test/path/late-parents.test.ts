import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunReport } from '../../src/flow/run-events.ts';
import { openTestProject, type TestProject } from '../support/cli.ts';

interface Ran {
  readonly result: RunReport;
}

describe('a link whose parents come later in the run', () => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openTestProject({ students: 60, scale: 0.1 }, ['districts', 'schools']);
    // Against the order that anybody would choose: schools first, then the districts to which they belong.
    project.edit('mappings/districts.yaml', (text) => text.replace(/^phases:\n {2}\w+:/m, 'phases:\n  people:'));
  });
  afterAll(() => project.close());

  const numberOf = async (sql: string): Promise<number> => {
    const { rows } = await project.target.database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`);
    return rows[0]?.n ?? -1;
  };

  it('is nothing that lint has to say about', async () => {
    const { exitCode, stdout } = await project.run('lint');

    expect([exitCode, stdout]).toEqual([0, '']);
  });

  it('is told by the plan, with the step after which it is made', async () => {
    const { stdout } = await project.run('plan');

    expect(stdout).toMatch(/^ +1 +reference +schools +before districts +school\.district_id, linked after 2$/m);
  });

  it('is made in the same run', async () => {
    const { json } = await project.run('run', '--json');

    const { steps } = json<Ran>().result;
    expect(steps.map(({ mapping }) => mapping)).toEqual(['schools', 'districts']);
    const linked = await numberOf('school WHERE district_id IS NOT NULL');
    expect(linked).toBeGreaterThan(0);
    expect(steps[0]?.links.linked).toBe(linked);
    expect(steps[0]?.links.waiting).toBe(
      await numberOf('school WHERE district_id IS NULL AND salesforce_district_id IS NOT NULL'),
    );
  });

  it('needs no second run', async () => {
    const { json } = await project.run('run', '--json');

    const written = json<Ran>().result.steps.flatMap(({ tables }) =>
      Object.values(tables).map(({ inserted, updated }) => inserted + updated),
    );
    expect(written.every((rows) => rows === 0)).toBe(true);
  });
});
