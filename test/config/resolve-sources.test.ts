import { describe, expect, it } from '@jest/globals';
import type { Files } from '../support/project-folder.ts';
import { columnOf, load, people, type Sketch, tableOf } from './village.ts';

const TWO = `sources:
  men:
    soql: SELECT Id, Name, Age__c, SystemModstamp FROM Man__c
    skip_when: [{ name: young, when: "source.Age__c == '1'" }]
    tables:
      person:
        unmatched: skip
        columns: { age: Age__c }
  women:
    object: Woman__c
    rules: [{ name: old, check: "number(source.Years__c) > 3" }]
    lookups: { other: { object: Case, by: Id, value: Name } }
    tables:
      person: { columns: { name: { from: FullName__c }, age: { from: Case__c, lookup: other } } }
`;

function housesAfter(after: string): Files {
  return {
    'mappings/houses.yaml': `version: 1
mapping: houses
source: { object: House__c }
phases: { main: { after: [${after}] } }
tables: { house: { key: salesforce_id, columns: { salesforce_id: Id, name: Name } } }
`,
  };
}

const SHARED = 'rules: [{ name: named, check: "!blank(name)" }]';

describe('a mapping with several sources', () => {
  it('is one mapping for each, of one group, in the order of the file', async () => {
    const { mappings } = await load({ source: TWO });

    expect([...mappings.values()].map(({ name, group }) => [name, group])).toEqual([
      ['houses', null],
      ['people.men', 'people'],
      ['people.women', 'people'],
    ]);
    expect(mappings.get('people.men')?.source).toMatchObject({ object: 'Man__c' });
    expect(mappings.get('people.women')?.source.soql).toBe(
      'SELECT Id, FullName__c, Case__c, Years__c, SystemModstamp FROM Woman__c',
    );
  });

  it('has what each says laid over what they share, column by column', async () => {
    const sketch: Sketch = { source: TWO, mapping: SHARED };
    const men = tableOf(await people(sketch, 'people.men'), 'person');
    const women = tableOf(await people(sketch, 'people.women'), 'person');

    expect(men).toMatchObject({ key: ['salesforce_id'], unmatched: 'skip' });
    expect(women.unmatched).toBe('insert');
    expect(columnOf(men, 'name').input).toMatchObject({ paths: ['Name'] });
    expect(columnOf(women, 'name').input).toMatchObject({ paths: ['FullName__c'] });
  });

  it('adds the rules of each to those that they share', async () => {
    const sketch: Sketch = { source: TWO, mapping: SHARED };
    const [men, women] = [await people(sketch, 'people.men'), await people(sketch, 'people.women')];

    expect(men.rules.map(({ name }) => name)).toEqual(['named']);
    expect(men.skipWhen.map(({ name }) => name)).toEqual(['young']);
    expect(women.rules.map(({ name }) => name)).toEqual(['named', 'old']);
    expect(women.lookups.map(({ name }) => name)).toEqual(['other']);
    expect(women.skipWhen).toEqual([]);
  });

  it.each([
    ['a column of a source', 'age: Age__c', 'age: Agee__c', 'Agee__c'],
    ['a rule of a source', 'number(source.Years__c) > 3', 'number(source.Years__c) >', '" }]\n    lookups'],
    ['the SOQL of a source', 'FROM Man__c', 'FROM', '\n    skip_when'],
    ['a skip rule of a source', "source.Age__c == '1'", "source.Ege__c == '1'", "source.Ege__c == '1'"],
  ])('has a problem in %s told where it stands', async (_what, from, to, at) => {
    const source = TWO.replace(from, to);
    const { problems } = await load({ source, mapping: SHARED });

    const text = `version: 1\nmapping: people\n${source}`;
    const before = text.slice(0, text.indexOf(at)).split('\n');
    expect(problems).toMatchObject([{ line: before.length, column: (before.at(-1) ?? '').length + 1 }]);
  });

  it('has a problem that they share told once', async () => {
    const { problems } = await load({ source: TWO, columns: 'status: { value: gone }' });

    expect(problems).toEqual([]);
    const { problems: wrong } = await load({ source: TWO, columns: 'status: { from: Name, transform: [trimm] }' });
    expect(wrong).toMatchObject([{ rule: 'unknown-transform' }]);
  });

  it('may be named as a whole or by a source in `after`', async () => {
    const { mappings } = await load({ source: TWO, files: housesAfter('people, people.men') });
    const { problems } = await load({ source: TWO, files: housesAfter('people.boys') });

    expect(mappings.get('houses')?.phases[0]?.after).toEqual(['people', 'people.men']);
    expect(problems).toMatchObject([{ rule: 'unknown-mapping' }]);
  });

  it('has either one source or several', async () => {
    const both = await load({ source: `source: { object: Man__c }\n${TWO}` });
    const none = await load({ source: '' });

    expect(both.problems).toMatchObject([{ rule: 'wrong-value', line: 4, column: 1 }]);
    expect(none.problems).toMatchObject([{ rule: 'missing-key', line: 1, column: 1 }]);
  });
});

describe('a file as source', () => {
  const FILE = 'source: { file: data/people.csv, id: [Number, Street Name], optional: true, delimiter: ";" }';

  it('has the headers that the mapping uses as fields', async () => {
    const { source } = await people({ source: FILE, columns: 'age: Age In Years' });

    expect(source).toEqual({
      object: 'data/people.csv',
      soql: '',
      fields: ['Number', 'Street Name', 'Id', 'Name', 'Age In Years'],
      api: 'auto',
      file: { path: 'data/people.csv', id: ['Number', 'Street Name'], delimiter: ';', optional: true },
    });
  });

  it('is read with commas, and must be there, unless said otherwise', async () => {
    const { source } = await people({ source: 'source: { file: people.csv, id: Id }' });

    expect(source.file).toEqual({ path: 'people.csv', id: ['Id'], delimiter: ',', optional: false });
  });

  it.each([
    ['no id', 'source: { file: people.csv }', 'missing-key'],
    ['an object beside it', 'source: { file: people.csv, id: Id, object: Man__c }', 'wrong-value'],
    ['a setting of files without one', 'source: { object: Man__c, optional: true }', 'wrong-value'],
    ['a path out of the project', 'source: { file: /people.csv, id: Id }', 'wrong-value'],
  ])('is refused with %s', async (_what, source, rule) => {
    const { problems } = await load({ source });

    expect(problems).toMatchObject([{ rule }]);
  });

  it('is the only one whose fields may be any text', async () => {
    const { problems } = await load({ columns: 'age: Age In Years' });

    expect(problems).toMatchObject([{ rule: 'wrong-value', line: 10, column: 12 }]);
  });
});
