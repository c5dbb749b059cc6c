import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TestReport } from '../../src/cases/case-result.ts';
import { testProject } from '../../src/cases/test-project.ts';

let report: TestReport;

beforeAll(async () => {
  report = await testProject({ file: 'sync.config.yaml', environment: {}, select: [] });
});

describe('the cases of this repository', () => {
  it('hold', () => {
    expect(report.results.filter(({ passed }) => !passed)).toEqual([]);
  });

  it('say something of every mapping', () => {
    expect(report.untested).toEqual([]);
  });
});
