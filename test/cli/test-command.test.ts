import { describe, expect, it } from '@jest/globals';
import { type Printed, startSluice } from '../support/cli.ts';
import { projectFolder, SOUND } from '../support/project-folder.ts';

const PASSES = `mapping: people
cases:
  - name: a name is taken as it is
    record: { Name: Ada }
    rows: { person: { name: Ada } }
`;
const FAILS = `${PASSES}  - name: a mood is what it is
    record: { Name: Ada, Mood__c: sad }
    rows: { person: { mood: glad } }
`;

async function test(cases: string, ...more: string[]): Promise<Printed> {
  const file = projectFolder({ ...SOUND, 'mappings/tests/people.yaml': cases });
  return startSluice(['test', '--config', file, ...more], { NO_COLOR: '1' }).ended;
}

describe('sluice test', () => {
  it('prints a line for each case, and ends with 0 when all pass', async () => {
    const { exitCode, stdout, stderr } = await test(PASSES);

    expect(exitCode).toBe(0);
    expect(stdout).toBe('mappings/tests/people.yaml (people)\n  ✓ a name is taken as it is\n');
    expect(stderr).toBe('1 case in 1 file: 1 passed, 0 failed.\nWithout a case: houses.\n');
  });

  it('ends with 1 when a case fails, with its place, what was expected and what came', async () => {
    const { exitCode, stdout, stderr } = await test(FAILS, '--select', 'people');

    expect(exitCode).toBe(1);
    expect(stdout).toContain(`  ✗ a mood is what it is  mappings/tests/people.yaml:6
      person.mood  mappings/tests/people.yaml:8
        expected  "glad"
        actual    "sad"
`);
    expect(stderr).toBe('2 cases in 1 file: 1 passed, 1 failed.\n');
  });

  it('gives programs all cases with their differences', async () => {
    const { exitCode, json } = await test(FAILS, '--json');

    expect(exitCode).toBe(1);
    expect(json()).toMatchObject({
      status: 1,
      code: 'TEST_FAILED',
      result: {
        files: 1,
        cases: 2,
        failed: 1,
        results: [
          { passed: true, differences: [] },
          {
            file: 'mappings/tests/people.yaml',
            line: 6,
            mapping: 'people',
            name: 'a mood is what it is',
            passed: false,
            differences: [{ what: 'person.mood', expected: '"glad"', actual: '"sad"', line: 8 }],
          },
        ],
        untested: ['houses'],
      },
    });
  });

  it('ends with 2 when a case does not fit its mapping', async () => {
    const { exitCode, stderr } = await test(PASSES.replace('Name: Ada', 'Nmae: Ada'));

    expect(exitCode).toBe(2);
    expect(stderr).toContain('mappings/tests/people.yaml:4:15');
    expect(stderr).toContain('Did you mean "Name"?');
  });
});
