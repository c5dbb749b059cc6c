import { describe, expect, it } from '@jest/globals';
import { people, personColumn, tableOf } from './village.ts';

describe('the value of a column', () => {
  it('is the first field that is not blank, or all of them joined', async () => {
    expect((await personColumn('age: { from: [A__c, B__c] }')).input).toEqual({
      kind: 'fields',
      paths: ['A__c', 'B__c'],
      indexes: [2, 3],
      join: null,
    });
    expect((await personColumn('age: { from: [A__c, B__c], join: " " }')).input).toMatchObject({ join: ' ' });
  });

  it('is what an expression gives, over fields of the source and the columns before it', async () => {
    const { input } = await personColumn('age: { expr: "blank(source.Age__c) ? 1 : number(source.Age__c)" }');

    expect(input).toMatchObject({ kind: 'expression', position: { file: 'mappings/people.yaml', line: 10 } });
  });

  it('is looked up in the org by a side query', async () => {
    const { input } = await personColumn('age: { from: [Case__c, Other__c], lookup: case_age }', {
      mapping: 'lookups: { case_age: { object: Case, by: Id, value: Age__c, where: "IsClosed = true" } }',
    });

    expect(input).toMatchObject({
      kind: 'resolved',
      resolver: { kind: 'lookup', name: 'case_age' },
      paths: ['Case__c', 'Other__c'],
    });
  });

  it('is the first way that gives one, each with transforms and a map of its own', async () => {
    const { input, transforms } = await personColumn(
      'age: { first_of: [{ from: A__c, transform: [integer] }, { from: B__c, map: { old: 90 } }, { value: 7 }], transform: [positive] }',
    );

    expect(input).toMatchObject({
      kind: 'first_of',
      alternatives: [
        { input: { kind: 'fields', paths: ['A__c'] }, transforms: [{ name: 'integer' }], map: null, split: [] },
        { input: { kind: 'fields', paths: ['B__c'] }, transforms: [], map: { name: 'person.age' } },
        { input: { kind: 'constant', value: '7' } },
      ],
    });
    expect(transforms).toEqual([{ name: 'positive', args: {} }]);
  });
});

describe('the fields that a mapping asks for', () => {
  it('are those of columns, ways, expressions, rules and lookups, each once', async () => {
    const { source } = await people({
      columns: `age: { expr: "number(source.Age__c)" }
status: { first_of: [{ from: Status__c }, { expr: "source.Owner.Name" }], map: { x: past } }`,
      mapping: `skip_when: [{ name: lead, when: "starts_with(source.WhoId, '00Q')" }]
rules: [{ name: grown, when: "source.Kind__c == 'man'", check: "age > 3 || blank(source.age__c)" }]`,
    });

    expect(source.soql).toBe(
      'SELECT Id, Name, Age__c, Status__c, Owner.Name, WhoId, Kind__c, SystemModstamp FROM Person__c',
    );
  });
});

describe('what becomes of a row that is there', () => {
  it('says when a time is that of the write, and what may not be written over', async () => {
    const written = 'left_on: { from: Left__c, now_when: { becomes: { status: past }, from: { status: current } } }';

    expect((await personColumn(written)).nowWhen).toMatchObject({
      becomes: [{ column: { name: 'status' }, value: 'past' }],
      from: [{ column: { name: 'status' }, value: 'current' }],
    });
    expect((await personColumn('status: { value: past, on_conflict: quarantine }')).onConflict).toBe('quarantine');
  });
});

describe('settings of a root table', () => {
  it('say how its rows are found, taken over, left alone and shared', async () => {
    const mapping = await people({
      columns: 'born: Born__c\nstatus: { from: Status__c, map: { x: past } }',
      person: `match: [[name, born]]
unmatched: skip
leave: { hidden: true }
prefer:
  - { column: status, values: [current] }
  - { column: born, highest: true }
  - { column: name, lowest: true }`,
    });

    expect(tableOf(mapping, 'person')).toMatchObject({
      key: ['salesforce_id'],
      match: [['name', 'born']],
      unmatched: 'skip',
      leave: [{ column: { name: 'hidden' }, value: 'true' }],
      prefer: [
        { column: { name: 'status' }, values: ['current'] },
        { column: { name: 'born' }, highest: true },
        { column: { name: 'name' }, highest: false },
      ],
    });
  });

  it('let a record adopt a local row where its id is the primary key', async () => {
    const mapping = await people({
      person: 'adopt: { by: name, ignore_case: true, where: not_salesforce_id, move: [person_skill.person_id] }',
      files: {
        'mappings/tables/person.yaml':
          'table: person\nprimary_key: salesforce_id\ncolumns: { salesforce_id: { type: string(18) }, name: { type: string(80), required: true } }\n',
        'mappings/tables/person_skill.yaml':
          'table: person_skill\ncolumns: { person_id: { type: string(18) }, skill_id: { type: integer } }\n',
        'mappings/tables/keeper.yaml': 'table: keeper\ncolumns: { keys: { type: integer } }\n',
      },
    });

    expect(tableOf(mapping, 'person').adopt).toEqual({
      by: 'name',
      ignoreCase: true,
      move: ['person_skill.person_id'],
    });
  });
});

describe('records', () => {
  it('are left out and judged by rules in the order of the file', async () => {
    const { skipWhen, rules } = await people({
      columns: 'age: Age__c',
      mapping: `skip_when:
  - { name: lead, when: "source.Kind__c == 'lead'" }
rules:
  - { name: grown, when: "age != null", check: "age > 17", severity: warn }
  - { name: named, check: "!blank(name)" }`,
    });

    expect(skipWhen).toMatchObject([{ name: 'lead', when: "source.Kind__c == 'lead'", position: { line: 5 } }]);
    expect(rules).toMatchObject([
      { name: 'grown', when: 'age != null', check: 'age > 17', use: null, severity: 'warn' },
      { name: 'named', when: null, check: '!blank(name)', severity: 'error' },
    ]);
  });
});
