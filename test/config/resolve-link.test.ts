import { describe, expect, it } from '@jest/globals';
import { load, people, personColumn, type Sketch, tableOf } from './village.ts';

const HOUSE = {
  table: 'house',
  by: 'salesforce_id',
  byTable: 'house',
  value: 'id',
  valueTable: 'house',
  unique: true,
  ignoreCase: false,
  aliases: null,
  mappings: ['houses'],
};

async function link(written: string, more: Sketch = {}) {
  return (await personColumn(`house_id: ${written}`, more)).link;
}

async function rulesOf(written: string, more: Sketch = {}): Promise<string[]> {
  const { problems } = await load({ ...more, columns: `house_id: ${written}` });
  return problems.map(({ rule }) => rule);
}

describe('a link', () => {
  it('finds its parent by the key of the mapping that fills it, and waits', async () => {
    expect(await link('{ from: House__c, link: house }')).toEqual({
      lookups: [HOUSE],
      candidates: false,
      onMissing: 'wait',
      create: null,
      phase: null,
    });
  });

  it('may name the column to compare with, without regard to case, and other names', async () => {
    const aliases = '{ table: house_alias, by: alias, value: house_id }';
    const found = await link(
      `{ from: House__c, link: { table: house, by: name, ignore_case: true, aliases: ${aliases} } }`,
    );

    expect(found?.lookups).toEqual([
      { ...HOUSE, by: 'name', ignoreCase: true, aliases: { table: 'house_alias', by: 'alias', value: 'house_id' } },
    ]);
  });

  it('may take the first of several, and write another column', async () => {
    const written = '{ from: Town__c, link: { table: house, by: town, value: salesforce_id, pick: first } }';
    const more = {
      files: {
        'mappings/tables/person.yaml':
          'table: person\ncolumns: { salesforce_id: { type: string(18), unique: true }, name: { type: text }, house_id: { type: string(18) } }\n',
      },
    };

    expect((await link(written, more))?.lookups).toEqual([
      { ...HOUSE, by: 'town', value: 'salesforce_id', unique: false },
    ]);
  });

  it('to a joined table is found by the key of its base', async () => {
    const keepers = `version: 1
mapping: keepers
source: { object: Keeper__c }
tables:
  person: { key: salesforce_id, columns: { salesforce_id: Id, name: Name, status: { value: past } } }
  keeper: { columns: { keys: Keys__c } }
`;
    const found = await personColumn('age: { from: Keeper__c, link: keeper, on_missing: skip }', {
      files: { 'mappings/keepers.yaml': keepers },
    });

    expect(found.link).toMatchObject({
      lookups: [{ table: 'keeper', by: 'salesforce_id', byTable: 'person', value: 'id', valueTable: 'keeper' }],
      onMissing: 'skip',
    });
  });

  it('tries several ways, and knows for each how it is looked up', async () => {
    const written = `{ first_of: [{ from: House__c, link: house }, { from: Name__c, split: ";", link: { table: house, by: name } }, { from: Old__c, link: house }], on_missing: "null" }`;
    const { input, link: found } = await personColumn(`house_id: ${written}`);

    expect(found).toMatchObject({ lookups: [HOUSE, { ...HOUSE, by: 'name' }], candidates: true, onMissing: 'null' });
    expect(input).toMatchObject({
      alternatives: [
        { lookup: 0, split: [] },
        { lookup: 1, split: [';'] },
        { lookup: 0, split: [] },
      ],
    });
  });

  it('gives candidates also of one way that splits, or of one link for all ways', async () => {
    const split = '{ first_of: [{ from: Name__c, split: [";", ","] }], link: { table: house, by: name } }';
    const shared = '{ first_of: [{ from: A__c }, { from: B__c }], link: house }';

    expect(await link(split)).toMatchObject({ lookups: { length: 1 }, candidates: true });
    expect(await link(shared)).toMatchObject({ lookups: { length: 1 }, candidates: true });
  });

  it('may make its parent from the reference and constants', async () => {
    const created =
      '{ from: House__c, link: { table: house, by: name }, on_missing: create, create: { values: { town: here } } }';

    expect(await link(created)).toMatchObject({
      onMissing: 'create',
      create: { copy: [], values: [{ column: { name: 'town' }, value: 'here' }], otherwise: 'quarantine' },
    });
  });

  it('may make its parent from rows of other tables', async () => {
    const copy = '[{ table: skill, by: name, columns: { name: name }, values: { town: there } }]';
    const created = `{ from: House__c, link: house, on_missing: create, create: { copy: ${copy}, else: skip } }`;

    expect(await link(created)).toMatchObject({
      create: {
        copy: [
          {
            table: 'skill',
            by: 'name',
            columns: [{ to: { name: 'name' }, from: 'name' }],
            values: [{ column: { name: 'town' }, value: 'there' }],
          },
        ],
        otherwise: 'skip',
      },
    });
  });

  it('needs a parent that some mapping fills, unless it makes it itself', async () => {
    expect(await rulesOf('{ from: Skill__c, link: { table: skill, by: name } }')).toEqual(['unknown-link']);
    const created =
      '{ from: S__c, link: { table: skill, by: name }, on_missing: create, create: { values: { kind: x } } }';
    expect((await link(created))?.lookups).toMatchObject([{ table: 'skill', mappings: [] }]);
  });

  it('may lead to the rows of a child table', async () => {
    const found = await personColumn('age: { from: A__c, link: { table: skill, by: name } }', {
      tables: 'skill:\n  parent: person\n  key: name\n  columns: { name: S__c, kind: { value: x } }',
      files: {
        'mappings/tables/skill.yaml':
          'table: skill\ncolumns: { person_id: { type: integer, references: person.id }, name: { type: text, unique: true }, kind: { type: text } }\n',
      },
    });

    expect(found.link?.lookups).toMatchObject([{ table: 'skill', by: 'name', mappings: ['people'] }]);
  });

  it('in a key must be there before the row is looked for', async () => {
    const key = '[name, house_id]';

    expect(await rulesOf('{ from: House__c, link: house }', { key })).toEqual(['link-policy']);
    expect(await rulesOf('{ from: House__c, link: house, on_missing: skip }', { key })).toEqual([]);
  });
});

/** A child of the person that refers to skills. */
function child(entries: string, columns = '{}'): Sketch {
  const settings = `parent: person\n  each: ${entries}\n  key: [person_id, skill_id]`;
  return { tables: `person_skill:\n  ${settings}\n  columns: ${columns}` };
}

describe('a link in a child table', () => {
  const linked =
    '{ skill_id: { link: { table: skill, by: name }, on_missing: create, create: { values: { kind: x } }, transform: [trim] } }';

  it('leaves out its row where the parent is not here', async () => {
    const mapping = await people(child('[{ skill_id: { from: House__c, link: house } }]'));

    expect(tableOf(mapping, 'person_skill')).toMatchObject({
      list: true,
      columns: [{ link: { onMissing: 'skip', candidates: false } }],
    });
  });

  it('is shared by the entries, each of which may split its field into rows', async () => {
    const mapping = await people(
      child(
        '[{ skill_id: { from: A__c, split: [";", ","] } }, { skill_id: { from: B__c, transform: [lower] } }]',
        linked,
      ),
    );
    const table = tableOf(mapping, 'person_skill');

    expect(table).toMatchObject({ list: true, set: 'add_only', whenEmpty: 'keep' });
    expect(table.each.map(({ columns }) => columns[0])).toMatchObject([
      { input: { paths: ['A__c'] }, split: [';', ','], transforms: [{ name: 'trim' }], link: { onMissing: 'create' } },
      { input: { paths: ['B__c'] }, split: [], transforms: [{ name: 'lower' }], link: { candidates: false } },
    ]);
  });

  it('knows for each entry how it is looked up, where they differ', async () => {
    const both = '{ skill_id: { link: house, on_missing: "null" } }';
    const table = tableOf(
      await people(child('[{ skill_id: A__c }, { skill_id: { from: B__c, link: { table: house, by: name } } }]', both)),
      'person_skill',
    );
    expect(table.columns[0]?.link).toMatchObject({ lookups: [HOUSE, { ...HOUSE, by: 'name' }], candidates: true });
    expect(table.each.map(({ columns }) => columns[0]?.lookup)).toEqual([0, 1]);
    expect(table.each.map(({ columns }) => columns[0]?.link)).toEqual([table.columns[0]?.link, table.columns[0]?.link]);
  });

  it('does not wait', async () => {
    const { problems } = await load(child('[{ skill_id: { from: A__c, link: house, on_missing: wait } }]'));

    expect(problems).toMatchObject([{ rule: 'link-policy' }]);
  });
});
