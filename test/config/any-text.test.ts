import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { loadProject } from '../../src/config/load-project.ts';
import { lintProject } from '../../src/lint/lint-project.ts';
import { projectFolder, SOUND } from '../support/project-folder.ts';
import { village } from './village.ts';

/** One of each part of the language beside what a sound project has. */
const WIDE = village({
  source: `sources:
  men: { object: Man__c, where: "Age__c > 3", skip_when: [{ name: young, when: "source.Age__c == '1'" }] }
  women: { soql: "SELECT Id, Name, Age__c, A__c, B__c, House__c, SystemModstamp FROM Woman__c" }
  rest: { file: data/rest.csv, id: [Id] }`,
  mapping: `lookups: { other: { object: Case, by: Id, value: Name } }
rules: [{ name: named, when: "age > 3", check: "!blank(name)", severity: warn }]`,
  person: 'match: [[name, born]]\nleave: { hidden: true }\nprefer: [{ column: born, highest: true }]',
  columns: `born: { from: B__c, now_when: { becomes: { status: past } } }
age: { expr: "number(source.Age__c)" }
left_on: { from: A__c, lookup: other }
house_id: { first_of: [{ from: House__c, link: house }, { from: A__c, split: ";", link: { table: house, by: name } }], on_missing: create, create: { values: { name: x } } }`,
  tables: `person_skill:
  parent: person
  each: [{ skill_id: { from: A__c, split: [";"] } }, { skill_id: B__c }]
  key: skill_id
  set: replace
  skip_when: blank(skill_id)
  columns: { skill_id: { link: { table: skill, by: name }, on_missing: create, create: { values: { kind: x } } } }`,
});
/** A piece of YAML, or what only looks like it, put in place of some characters of a file. */
const mutation = (files: readonly string[]) =>
  fc.record({
    file: fc.constantFrom(...files),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat({ max: 30 }),
    insert: fc.oneof(
      fc.constantFrom(
        '{',
        '[',
        '- ',
        ': ',
        '? ',
        '&a ',
        '*a ',
        '!!set ',
        '<<: ',
        '"',
        "'",
        '|',
        '>',
        '#',
        '\t',
        '\n---\n',
        '%YAML 1.1\n',
        '\u0000',
        '\ufeff',
        '${',
        '${A:-',
        '~',
        '.nan',
        '0x1f',
        '__proto__: ',
        'constructor',
        '[[[[',
        '\ud800',
      ),
      fc.string({ maxLength: 20 }),
    ),
  });

describe.each([
  ['small', SOUND],
  ['wide', WIDE],
])('a %s project of any text', (_what, sound) => {
  it('is sound to begin with', async () => {
    const { project, problems } = await loadProject({ file: projectFolder(sound), environment: {} });

    expect(problems).toEqual([]);
    expect(project).not.toBeNull();
  });

  it('is loaded or refused with problems that have a place, and never throws', async () => {
    const path = projectFolder(sound);

    await fc.assert(
      fc.asyncProperty(fc.array(mutation(Object.keys(sound)), { minLength: 1, maxLength: 4 }), async (mutations) => {
        const files: Record<string, string> = { ...sound };
        for (const { file, at, remove, insert } of mutations) {
          const text = files[file] ?? '';
          const start = Math.floor(at * text.length);
          files[file] = text.slice(0, start) + insert + text.slice(start + remove);
        }
        for (const [file, text] of Object.entries(files)) writeFileSync(join(dirname(path), file), text);

        const { project, problems } = await loadProject({ file: path, environment: {} });
        const linted = await lintProject({ file: path, environment: {} });

        expect(project === null).toBe(problems.some(({ severity }) => severity === 'error'));
        for (const { line, column, message } of linted.problems) {
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
          expect(message).not.toBe('');
        }
      }),
      { numRuns: 100 },
    );
  }, 30_000);
});

describe('a project', () => {
  it('is refused when it is nested without end', async () => {
    const path = projectFolder({ ...SOUND, 'sync.config.yaml': '['.repeat(100_000) });

    const { project } = await loadProject({ file: path, environment: {} });

    expect(project).toBeNull();
  });
});
