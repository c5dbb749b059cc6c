import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TestReport } from '../../src/cases/case-result.ts';
import { testProject } from '../../src/cases/test-project.ts';

let report: TestReport;

beforeAll(async () => {
  const file = join(resolve(import.meta.dirname, '../..'), 'sync.config.yaml');
  report = await testProject({ file, environment: {}, select: [] });
});

describe("the repository's own cases", () => {
  it('pass', () => {
    expect(report.results.filter(({ passed }) => !passed)).toEqual([]);
  });

  it('are there for every mapping', () => {
    expect(report.untested).toEqual([]);
  });
});
