import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { lintProject } from '../../src/lint/lint-project.ts';
import { openTestProject, type TestProject } from '../support/cli.ts';

const page = readFileSync('docs/add-an-import.md', 'utf8');

/** The YAML blocks under one heading of the page. */
function blocks(heading: string): string[] {
  const [, after = ''] = page.split(`# ${heading}\n`);
  const [section = ''] = after.split(/\n##+ /u);
  return [...section.matchAll(/```yaml\n([\s\S]*?)```/gu)].map((match) => match[1] ?? '');
}

/** Lines of a block that say something: not those that stand for others. */
function lines(block: string): string[] {
  return block.split('\n').filter((line) => !/^\s*(# \.\.\.)?$/u.test(line));
}

let project: TestProject;

const read = (file: string): string => readFileSync(path.join(project.folder, file), 'utf8');

beforeAll(async () => {
  project = await openTestProject();
  await project.run('mapping', 'new', 'Campaign');
});

afterAll(() => project.close());

describe('the page on adding an import', () => {
  it.each([
    [0, 'mappings/campaigns.yaml'],
    [1, 'mappings/tables/campaign.yaml'],
    [2, 'mappings/maps/campaign_status.yaml'],
  ])('shows in its block %i what is really drafted in %s', (index, file) => {
    const drafted = read(file).split('\n');

    expect(lines(blocks('1. Draft it')[index] ?? 'missing').filter((line) => !drafted.includes(line))).toEqual([]);
  });

  it('changes the draft in ways that lint has nothing against', async () => {
    const [columns = ''] = blocks('Clean a value');
    const [rules = ''] = blocks('Add a rule, leave records out');
    const [linkTable = '', linkMapping = ''] = blocks('Add a link');
    const [childMapping = '', childTable = ''] = blocks('Make rows of a list');
    const undo = [
      project.edit('mappings/campaigns.yaml', (text) =>
        text
          .replace(/^ {6}(name|description): .*\n/gmu, '')
          .replace(/^ {6}end_date: .*\n/mu, (line) => line + indented(columns, 4))
          .replace(/^ {6}start_date: .*\n/mu, (line) => line + indented(linkMapping.split('columns:\n')[1] ?? '', 0))
          .replace('SELECT Id,', 'SELECT Id, School__c, Topics__c,')
          .replace(/^# Left out/mu, `${childMapping.split('root table\n')[1] ?? ''}${rules}# Left out`),
      ),
      project.edit(
        'mappings/tables/campaign.yaml',
        (text) => `${text}  days: { type: integer }\n${linkTable.split('columns:\n')[1] ?? ''}`,
      ),
    ];
    writeFileSync(path.join(project.folder, 'mappings/tables/campaign_topic.yaml'), childTable);

    const changed = read('mappings/campaigns.yaml');
    const { problems } = await lintProject({ file: project.config[1], environment: project.environment });
    undo.forEach((back) => back());

    expect(
      ['collapse_spaces', 'days(', 'link: school', 'rules:', 'campaign_topic:'].filter((one) => !changed.includes(one)),
    ).toEqual([]);
    expect(problems.filter(({ file }) => file.includes('campaign'))).toEqual([]);
  });

  it('holds the draft by cases that pass', async () => {
    const [cases = ''] = blocks('5. Hold it by a test');
    writeFileSync(path.join(project.folder, 'mappings/tests/campaigns.yaml'), cases);

    const { stdout, exitCode } = await project.run('test', '--select', 'campaigns');

    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('✓ a campaign without a name is refused')]);
    expect(parse(cases)).toMatchObject({ mapping: 'campaigns' });
  });
});

/** The lines below `columns:` as they stand in a mapping. */
function indented(block: string, by: number): string {
  return (block.split('columns:\n')[1] ?? block)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${' '.repeat(by)}${line}\n`)
    .join('');
}
