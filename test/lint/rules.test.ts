import { describe, expect, it } from '@jest/globals';
import { lintProject } from '../../src/lint/lint-project.ts';
import { RULES } from '../../src/lint/rules.ts';
import { changed, type Files, placeOf, projectFolder, SOUND } from '../support/project-folder.ts';
import { townPlugin } from '../support/functions.ts';
import { CONFIG_CASES } from './config-cases.ts';
import { KEEPING_UP_CASES } from './keeping-up-cases.ts';
import { LANGUAGE_CASES } from './language-cases.ts';
import { LINT_CASES } from './lint-cases.ts';
import { ORG_CASES } from './org-cases.ts';
import { TEST_FILE_CASES } from './test-file-cases.ts';

const CASES = [...CONFIG_CASES, ...KEEPING_UP_CASES, ...LANGUAGE_CASES, ...LINT_CASES, ...TEST_FILE_CASES];

/** One wrong thing here makes others wrong, or hides what the rest is about. */
const NOT_ALONE = new Set([
  'circular-dependency',
  'duplicate-name',
  'extends-cycle',
  'key-not-unique',
  'link-before-parent',
  'name-differs',
  'primary-key',
  'unknown-reference',
  'unknown-table',
]);

async function lint(files: Files) {
  return lintProject({ file: projectFolder(files), environment: {}, loadFunctions: townPlugin() });
}

describe('the rules of lint', () => {
  it('find nothing in a sound project', async () => {
    const { problems, project, files } = await lint(SOUND);

    expect(problems).toEqual([]);
    expect(project?.mappings.map(({ name }) => name)).toEqual(['houses', 'people']);
    expect(files).toBe(7);
  });

  it.each(CASES)('$rule: $when', async ({ rule, file, from, to, at, suggestion, also }) => {
    const files = { ...changed(SOUND, file, from, to), ...also };
    const [blamed, piece] = at.includes('#') && at.includes('/') ? at.split('#', 2) : [file, at];

    const { problems } = await lint(files);

    const found = problems.filter((problem) => problem.rule === rule);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      file: blamed,
      ...placeOf(files[blamed ?? ''] ?? '', piece ?? ''),
      severity: RULES[rule]?.severity,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  });

  it('do not say that nothing is linked where the parent is what is wrong', async () => {
    const linked = changed(SOUND, 'mappings/people.yaml', 'link: house }', 'link: house, on_missing: fail }');

    const { problems } = await lint(changed(linked, 'mappings/houses.yaml', '    key: salesforce_id\n', ''));

    expect(problems.map(({ rule }) => rule)).toEqual(['key-missing']);
  });

  it('are all shown above, but for files that cannot be read', () => {
    const shown = new Set([...CASES, ...ORG_CASES].map(({ rule }) => rule));

    expect(Object.keys(RULES).filter((rule) => !shown.has(rule))).toEqual(['file-missing']);
  });

  it.each(CASES.filter(({ rule }) => !NOT_ALONE.has(rule)))('report no other error when $when', async (one) => {
    const { problems } = await lint({ ...changed(SOUND, one.file, one.from, one.to), ...one.also });

    const others = problems.filter(({ rule, severity }) => severity === 'error' && rule !== one.rule);
    expect(others).toEqual([]);
  });
});
