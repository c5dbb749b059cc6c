import { describe, expect, it } from '@jest/globals';
import type { CaseResult } from '../../src/cases/case-result.ts';
import { testProject } from '../../src/cases/test-project.ts';
import { SyncError } from '../../src/errors/sync-error.ts';
import { changed, type Files, placeOf, projectFolder, SOUND } from '../support/project-folder.ts';

const FILE = 'mappings/tests/people.yaml';

async function test(files: Files, select: readonly string[] = []) {
  return testProject({ file: projectFolder(files), environment: {}, select });
}

/** The result of one case of the sound project's people, written as YAML. */
async function resultOf(lines: readonly string[], project: Files = SOUND): Promise<CaseResult | undefined> {
  const text = ['mapping: people', 'cases:', '  - name: someone', ...lines.map((line) => `    ${line}`), ''].join('\n');
  const { results } = await test({ ...project, [FILE]: text });
  return results[0];
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return '';
  } catch (error) {
    return error instanceof SyncError ? error.code : String(error);
  }
}

const ADA =
  'record: { Id: a00000000000001AAA, Name: Ada, Mood__c: happy, House__c: a01000000000001AAA, Mail__c: " A@x.example " }';

describe('a case passes', () => {
  it.each([
    ['when every column that it names is as it says', 'rows: { person: { name: Ada, mood: glad } }'],
    ['with the raw reference of a link', 'rows: { person: { house_id: a01000000000001AAA } }'],
    ['with all rows of a child table', 'rows: { mailbox: [{ address: a@x.example, kind: home, main: true }] }'],
    ['with a single row of a child table', 'rows: { mailbox: { kind: home } }'],
    ['when the record gives the warnings that it lists, and no others', 'warnings: []'],
  ])('%s', async (_what, expected) => {
    expect(await resultOf([ADA, expected])).toMatchObject({ passed: true, differences: [] });
  });

  it.each([
    ['a blank name is refused', ['record: {}', 'quarantined: MISSING_REQUIRED_FIELD']],
    ['… in that column', ['record: {}', 'quarantined: { code: MISSING_REQUIRED_FIELD, column: person.name }']],
    [
      'an unknown mood keeps what is there',
      [
        'record: { Name: Ada, Mood__c: So so }',
        'rows: { person: { mood: keep } }',
        'warnings: [INVALID_ENUM person.mood]',
      ],
    ],
    ['there is no row without an address', ['record: { Name: Ada }', 'rows: { mailbox: [] }']],
    [
      'a field in other letters is the same to Salesforce',
      ['record: { NAME: Ada }', 'rows: { person: { name: Ada } }'],
    ],
    ['a case about a record without an id says so', ['record: { Id: null, Name: Ada }', 'quarantined: MISSING_SF_ID']],
  ])('%s', async (_what, lines) => {
    expect(await resultOf(lines)).toMatchObject({ passed: true, differences: [] });
  });

  it('with an Id that is made up where the record has none', async () => {
    const { results } = await test({
      ...SOUND,
      [FILE]:
        'mapping: people\ncases: [{ name: someone, record: { Name: Ada }, rows: { person: { salesforce_id: null } } }]\n',
    });

    expect(results[0]?.differences[0]?.actual).toMatch(/^"[\dA-Za-z]{18}"$/);
  });
});

describe('a case fails', () => {
  it('with what was expected and what came, at the line of the value', async () => {
    const lines = [ADA, 'rows:', '  person:', '    name: Bob', '    mood: glad', '  mailbox: [{ kind: work }]'];

    const result = await resultOf(lines);

    expect(result).toMatchObject({ file: FILE, line: 3, name: 'someone', mapping: 'people', passed: false });
    expect(result?.differences).toEqual([
      { what: 'person.name', expected: '"Bob"', actual: '"Ada"', line: 7 },
      { what: 'mailbox 1, kind', expected: '"work"', actual: '"home"', line: 9 },
    ]);
  });

  it('with the rows that are missing or too many', async () => {
    const two = await resultOf([ADA, 'rows: { mailbox: [{ kind: home }, { kind: work }] }']);
    const none = await resultOf([ADA, 'rows: { mailbox: [] }']);

    expect(two?.differences).toMatchObject([{ what: 'mailbox 2', expected: '{ kind: "work" }', actual: null }]);
    expect(none?.differences).toMatchObject([
      { what: 'mailbox 1', expected: null, actual: '{ address: "a@x.example", kind: "home", main: "true" }' },
    ]);
  });

  it.each([
    [
      'quarantined',
      ['record: {}', 'rows: { person: { name: Ada } }'],
      'loaded',
      'quarantined: MISSING_REQUIRED_FIELD person.name',
    ],
    ['loaded', [ADA, 'quarantined: INVALID_TEXT'], 'quarantined: INVALID_TEXT', 'loaded'],
    [
      'quarantined for another column',
      ['record: {}', 'quarantined: { code: MISSING_REQUIRED_FIELD, column: person.mood }'],
      'quarantined: MISSING_REQUIRED_FIELD person.mood',
      'quarantined: MISSING_REQUIRED_FIELD person.name',
    ],
  ])('when the record is %s, and tells nothing else', async (_what, lines, expected, actual) => {
    const result = await resultOf(lines);

    expect(result?.differences).toMatchObject([{ what: 'outcome', expected, actual }]);
  });

  it('when warnings are missing or too many', async () => {
    const result = await resultOf(['record: { Name: Ada, Mood__c: So so }', 'warnings: [INVALID_TEXT person.name]']);

    expect(result?.differences).toMatchObject([
      { what: 'warnings', expected: 'INVALID_TEXT person.name', actual: null },
      { what: 'warnings', expected: null, actual: 'INVALID_ENUM person.mood' },
    ]);
  });
});

/** The sound project with more to say of people. */
function withMore(more: string): Files {
  return changed(SOUND, 'mappings/people.yaml', 'phases:\n  people', `${more}\nphases:\n  people`);
}

function namedAs(name: string): string {
  return `cases: [{ name: a, record: { Name: "${name}" }, rows: { person: { name: "${name}" } } }]\n`;
}

describe('a case can be about', () => {
  it('a record that is left out', async () => {
    const project = withMore('skip_when: [{ name: nameless, when: "blank(source.Name)" }]');

    expect(await resultOf(['record: {}', 'skipped: nameless'], project)).toMatchObject({ passed: true });
    expect((await resultOf([ADA, 'skipped: nameless'], project))?.differences).toMatchObject([
      { what: 'outcome', expected: 'skipped: nameless', actual: 'loaded' },
    ]);
  });

  it('a rule that refuses', async () => {
    const project = withMore('rules: [{ name: no-bob, check: "name != \'Bob\'" }]');

    const result = await resultOf(
      ['record: { Name: Bob }', 'quarantined: { code: RULE_FAILED, rule: no-bob }'],
      project,
    );

    expect(result).toMatchObject({ passed: true });
  });

  it('a day, which is fixed so that it stays true', async () => {
    const project = withMore('rules: [{ name: now, check: "text(today) == source.Name" }]');
    const given = await test({ ...project, [FILE]: `mapping: people\ntoday: 2024-02-29\n${namedAs('2024-02-29')}` });
    const usual = await test({ ...project, [FILE]: `mapping: people\n${namedAs('2026-01-15')}` });

    expect([given.failed, usual.failed]).toEqual([0, 0]);
  });

  it('what a lookup answers', async () => {
    const project = changed(
      withMore('lookups: { owner: { object: Owner__c, by: Id, value: Name } }'),
      'mappings/people.yaml',
      '{ from: Name, required: true }',
      '{ from: House__c, lookup: owner, required: true }',
    );
    const record = 'record: { Name: x, House__c: a01000000000001AAA }';

    const answered = await resultOf(
      [record, 'answers: { owner: { a01000000000001AAA: Ada } }', 'rows: { person: { name: Ada } }'],
      project,
    );
    const silent = await resultOf([record, 'quarantined: MISSING_REQUIRED_FIELD'], project);

    expect([answered?.differences, silent?.differences]).toEqual([[], []]);
  });

  it('the candidates of a link, by their texts', async () => {
    const project = changed(
      SOUND,
      'mappings/people.yaml',
      'house_id: { from: House__c, link: house }',
      'house_id: { first_of: [{ from: House__c, link: house }, { from: Name, link: { table: house, by: salesforce_id } }], on_missing: "null" }',
    );

    const both = await resultOf([ADA, 'rows: { person: { house_id: [a01000000000001AAA, Ada] } }'], project);
    const one = await resultOf([ADA, 'rows: { person: { house_id: Ada } }'], project);

    expect(both?.passed).toBe(true);
    expect(one?.differences).toMatchObject([{ expected: '"Ada"', actual: '["a01000000000001AAA", "Ada"]' }]);
  });
});

describe('a test run', () => {
  const CASE = 'cases: [{ name: someone, record: { Name: Ada }, warnings: [] }]\n';
  const BOTH = {
    ...SOUND,
    [FILE]: `mapping: people\n${CASE}`,
    'mappings/tests/houses.yaml': `mapping: houses\n${CASE}`,
  };

  it('counts files, cases and failures, and tells which mappings have no case', async () => {
    const report = await test({ ...SOUND, [FILE]: `mapping: people\n${CASE}` });

    expect(report).toMatchObject({ files: 1, cases: 1, failed: 0, untested: ['houses'] });
  });

  it('takes the mappings that are selected, by name or tag', async () => {
    expect(await test(BOTH, ['houses'])).toMatchObject({ files: 1, results: [{ mapping: 'houses' }], untested: [] });
    expect(await test(BOTH, ['tag:living'])).toMatchObject({ files: 1, results: [{ mapping: 'people' }] });
  });

  it('refuses a selection of nothing', async () => {
    expect(await codeOf(test(BOTH, ['peple']))).toBe('SELECTION_EMPTY');
  });

  it('refuses a project without a case', async () => {
    expect(await codeOf(test(SOUND))).toBe('NOTHING_TO_TEST');
  });

  it('refuses a case that does not fit its mapping, at its place', async () => {
    const text = `mapping: people\n${CASE.replace('Name: Ada', 'Nmae: Ada')}`;

    const work = test({ ...SOUND, [FILE]: text });

    await expect(work).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      details: { problems: [{ file: FILE, rule: 'case-field', ...placeOf(text, 'Nmae') }] },
    });
  });

  it('stops for what is wrong with a mapping that is tested, and not for another', async () => {
    const broken = changed(BOTH, 'mappings/houses.yaml', 'name: {', 'nmae: {');

    expect(await codeOf(test(broken))).toBe('CONFIG_INVALID');
    expect(await test(broken, ['people'])).toMatchObject({ failed: 0, files: 1 });
  });
});
