import { describe, expect, it } from '@jest/globals';
import type { Mapping } from '../../src/config/mapping.ts';
import type { MappedBatch } from '../../src/flow/mapped-batch.ts';
import { compileQuestions, compileTransform, type ResolverAnswers } from '../../src/transform/transform.ts';
import { sourceBatch } from '../support/records.ts';
import { readers, rowsOf, type Sketch } from '../support/readers.ts';

const ID = 'a00000000000001AAA';

const FUNCTIONS = {
  transform: ({ name }: { readonly name: string }) => {
    if (name === 'town.broken')
      return () => {
        throw new Error('Ada is not welcome');
      };
    return (value: string | null) => (name === 'town.silent' ? '' : `${value ?? ''}!`);
  },
};

function run(
  mapping: Mapping,
  records: readonly Readonly<Record<string, string>>[],
  answers?: ResolverAnswers,
): MappedBatch {
  const transform = compileTransform(mapping, { functions: FUNCTIONS, today: '2026-01-15' });
  return transform(
    sourceBatch(
      mapping,
      records.map((record) => ({ Id: ID, ...record })),
    ),
    answers,
  );
}

async function becomes(sketch: Sketch, record: Readonly<Record<string, string>>, answers?: ResolverAnswers) {
  const mapping = await readers(sketch);
  const batch = run(mapping, [record], answers);
  return { rows: rowsOf(batch, mapping), batch };
}

describe('an input', () => {
  it.each([
    ['the field', 'name: Name', { Name: 'Ada' }, 'Ada'],
    ['null for a blank field', 'name: Name', {}, null],
    ['the first field that is not blank', 'name: { from: [Nick__c, Name] }', { Nick__c: ' ', Name: 'Ada' }, 'Ada'],
    [
      'the fields that are not blank, joined',
      'name: { from: [Name, Nick__c, Mood__c], join: ", " }',
      { Name: 'Ada', Mood__c: 'x' },
      'Ada, x',
    ],
    ['null when all that are joined are blank', 'name: { from: [Name, Nick__c], join: ", " }', { Name: ' ' }, null],
    ['a constant', 'name: { value: Ada }', {}, 'Ada'],
    ['an empty text, where the author writes one', 'name: { value: "" }', {}, ''],
    ['an expression', 'name: { expr: "upper(source.Name)" }', { Name: 'Ada' }, 'ADA'],
    ['null for an expression that gives an empty text', `name: { expr: "trim(source.Name)" }`, { Name: ' ' }, null],
    ['the day of the run', 'born: { expr: today }', {}, '2026-01-15'],
  ])('gives %s', async (_what, reader, record, expected) => {
    const { rows } = await becomes({ reader }, record);

    expect(rows[String(reader.split(':')[0])]).toBe(expected);
  });

  it('lets an expression see the columns before it, as they are mapped', async () => {
    const reader =
      'name: { from: Name, transform: [trim, upper] }\nnick: { expr: "concat(name, \\"-\\", reader.name)" }';

    const { rows } = await becomes({ reader }, { Name: ' Ada ' });

    expect(rows).toMatchObject({ nick: 'ADA-ADA' });
  });

  it('shows an expression null for a column that keeps, or that will not fit its type', async () => {
    const reader =
      'count: { from: Count__c, on_invalid: "null" }\nmood: { from: Mood__c, on_null: keep }\n' +
      'name: { expr: "blank(count) && blank(mood) ? \\"nothing\\" : \\"something\\"" }';

    const { rows } = await becomes({ reader }, { Count__c: 'many' });

    expect(rows).toMatchObject({ count: 'many', mood: 'keep', name: 'nothing' });
  });

  it('refuses the record that an expression cannot be computed for, whatever the policies say', async () => {
    const reader = 'count: { expr: "10 / number(source.Count__c)", on_invalid: "null" }';

    const { batch } = await becomes({ reader }, { Count__c: '0' });

    expect(batch.records).toEqual([]);
    expect(batch.rejections).toMatchObject([{ code: 'TRANSFORM_FAILED', column: 'reader.count', rule: 'expr' }]);
  });
});

describe('a transform of a plugin', () => {
  it('takes its turn among the others', async () => {
    const { rows } = await becomes(
      { reader: 'name: { from: Name, transform: [trim, town.shout, upper] }' },
      { Name: ' Ada ' },
    );

    expect(rows).toMatchObject({ name: 'ADA!' });
  });

  it('gives null with an empty text', async () => {
    const { rows } = await becomes({ reader: 'name: { from: Name, transform: [town.silent] }' }, { Name: 'Ada' });

    expect(rows).toMatchObject({ name: null });
  });

  it('that throws refuses the record, under its own name and without its words', async () => {
    const { batch } = await becomes(
      { reader: 'name: { from: Name, transform: [town.broken, trim] }' },
      { Name: 'Ada' },
    );

    expect(batch.rejections).toMatchObject([
      { code: 'TRANSFORM_FAILED', column: 'reader.name', field: 'Name', rule: 'town.broken' },
    ]);
    expect(JSON.stringify({ ...batch.rejections[0], record: null })).not.toContain('welcome');
  });
});

describe('first_of', () => {
  const reader = `mood:
  first_of:
    - { from: Mood__c, map: { Happy: glad } }
    - { expr: "starts_with(source.Nick__c, 'Sad') ? 'sad' : null" }
    - { from: Best__c, transform: [trim, lower] }
  on_unknown: default`;

  it.each([
    ['the first way', { Mood__c: 'Happy', Best__c: 'CALM' }, 'glad'],
    ['the next for a word that the map does not have', { Mood__c: 'So so', Nick__c: 'Sad Sam' }, 'sad'],
    ['the next for a blank', { Best__c: ' CALM ' }, 'calm'],
    ['the policy for the unknown when no other way has a value', { Mood__c: 'So so' }, 'calm'],
    ['null when every way is blank', {}, null],
  ])('takes %s', async (_what, record, expected) => {
    const { rows } = await becomes({ reader }, record);

    expect(rows).toMatchObject({ mood: expected });
  });

  it('sends what it found through the steps of the column', async () => {
    const both =
      'name: { first_of: [{ from: Nick__c }, { from: Name }], transform: [upper, { default: { value: none } }] }';

    expect((await becomes({ reader: both }, { Name: 'Ada' })).rows).toMatchObject({ name: 'ADA' });
    expect((await becomes({ reader: both }, {})).rows).toMatchObject({ name: 'none' });
  });
});

describe('a link with several ways', () => {
  const reader = `book_id:
  first_of:
    - { from: Books__c, split: [";", ","], transform: [lower], link: { table: book, by: name } }
    - { from: Owner__c, link: book }
  on_missing: "null"`;

  it('names every candidate, in order, with how each is looked up', async () => {
    const { rows } = await becomes({ reader }, { Books__c: 'Emma; IT ,', Owner__c: 'a0B000000000001' });

    expect(JSON.parse(String(rows['book_id']))).toEqual([
      [0, 'emma'],
      [0, 'it'],
      [1, 'a0B000000000001EAA'],
    ]);
  });

  it('is null without a candidate', async () => {
    expect((await becomes({ reader }, { Books__c: ' ; ' })).rows).toMatchObject({ book_id: null });
  });

  it('loses what JSON cannot hold for the database, and counts it', async () => {
    const { rows, batch } = await becomes({ reader }, { Owner__c: 'VRT\0-\uD800' });

    expect(JSON.parse(String(rows['book_id']))).toEqual([[1, 'VRT-\uFFFD']]);
    expect([...batch.warnings]).toEqual([['INVALID_TEXT reader.book_id', 1]]);
  });
});

describe('a child whose entries split', () => {
  const tables = `reading:
  parent: reader
  each:
    - { book_id: { from: Books__c, split: [";", ","] }, note: new }
    - { book_id: { from: Old_Books__c, split: ";" }, note: old }
  key: [reader_id, book_id]
  columns:
    book_id: { transform: [trim, lower, capitalize], link: { table: book, by: name }, on_missing: create }
    note: {}`;

  it('has a row for each item that is not blank; a null ends the rows of an entry', async () => {
    const { rows } = await becomes({ tables }, { Books__c: 'EMMA;;dune, it', Old_Books__c: 'ulysses' });

    expect(rows['reading']).toEqual([
      { book_id: 'Emma', note: 'new' },
      { book_id: 'Dune', note: 'new' },
      { book_id: 'It', note: 'new' },
      null,
      { book_id: 'Ulysses', note: 'old' },
      null,
    ]);
  });

  it('has none for blank fields', async () => {
    expect((await becomes({ tables }, {})).rows['reading']).toEqual([null, null]);
  });
});

describe('skip_when', () => {
  it('leaves out a record by what it is, and counts the reason', async () => {
    const more = 'skip_when: [{ name: lead, when: "starts_with(source.Owner__c, \'00Q\')" }]';
    const mapping = await readers({ more, reader: 'name: Name' });

    const batch = run(mapping, [{ Owner__c: '00Q1' }, { Owner__c: '0031' }, { Owner__c: '00Q2' }, {}]);

    expect([...batch.skipped]).toEqual([['lead', 2]]);
    expect(batch.records).toHaveLength(2);
  });

  it('leaves out a record by what it becomes, and tells nothing of what is wrong with it', async () => {
    const more = 'skip_when: [{ name: sad, when: "mood == \'sad\'" }]';
    const reader =
      'mood: { from: Mood__c, map: { S: sad } }\nname: { from: Name, transform: [{ truncate: { length: 2 } }] }\nnick: { from: Nick__c, map: { a: b } }';
    const mapping = await readers({ more, reader });

    const batch = run(mapping, [{ Mood__c: 'S', Name: 'Adam', Nick__c: 'unknown' }]);

    expect([...batch.skipped]).toEqual([['sad', 1]]);
    expect([batch.records, batch.rejections, [...batch.warnings]]).toEqual([[], [], []]);
  });

  it('tells all that is wrong with a record that stays', async () => {
    const more = 'skip_when: [{ name: sad, when: "mood == \'sad\'" }]';
    const reader = 'mood: { from: Mood__c }\nname: { from: Name, transform: [{ truncate: { length: 2 } }] }';
    const mapping = await readers({ more, reader });

    const batch = run(mapping, [{ Mood__c: 'glad', Name: 'Adam' }]);

    expect([...batch.warnings]).toEqual([['VALUE_TOO_LONG reader.name', 1]]);
    expect(batch.records).toHaveLength(1);
  });

  it('comes before the question whether the record has an id', async () => {
    const more = 'skip_when: [{ name: empty, when: "blank(source.Id)" }]';
    const mapping = await readers({ more });

    const batch = run(mapping, [{ Id: '' }]);

    expect([[...batch.skipped], batch.rejections]).toEqual([[['empty', 1]], []]);
  });

  it('refuses the record that it cannot be computed for', async () => {
    const more = 'skip_when: [{ name: many, when: "10 / number(source.Count__c) > 3" }]';
    const mapping = await readers({ more });

    const batch = run(mapping, [{ Count__c: '0' }]);

    expect(batch.rejections).toMatchObject([{ code: 'TRANSFORM_FAILED', column: null, rule: 'many' }]);
  });
});

describe('values that others are asked for', () => {
  const more = 'lookups: { owner: { object: Person__c, by: Id, value: Name } }';
  const reader = `name: { from: Owner__c, lookup: owner, transform: [upper] }
nick: { from: Owner__c, lookup: owner }
mood: { first_of: [{ use: { town.mood: { deep: true } }, from: [Mood__c, Best__c] }, { value: calm }] }`;

  it('are asked once each for a batch: one question for a resolver and its fields', async () => {
    const mapping = await readers({ more, reader });
    const { records } = sourceBatch(mapping, [
      { Id: ID, Owner__c: 'x', Mood__c: 'm' },
      { Id: ID, Owner__c: 'y' },
      { Id: ID, Owner__c: 'x', Best__c: 'b' },
    ]);

    const questions = compileQuestions(mapping)?.(records);

    expect(questions).toMatchObject([
      {
        resolver: { kind: 'lookup', name: 'owner' },
        paths: ['Owner__c'],
        inputs: [{ values: ['x'] }, { values: ['y'] }],
      },
      {
        resolver: { kind: 'function', call: { name: 'town.mood', args: { deep: true } } },
        paths: ['Mood__c', 'Best__c'],
      },
    ]);
    expect(questions?.[1]?.inputs.map(({ values }) => values)).toEqual([
      ['m', null],
      [null, 'b'],
    ]);
  });

  it('come into the record by the key of their input', async () => {
    const mapping = await readers({ more, reader });
    const record = { Owner__c: 'x', Mood__c: 'm' };
    const questions = compileQuestions(mapping)?.(sourceBatch(mapping, [record]).records) ?? [];
    const answers = questions.map(
      ({ inputs }, place) => new Map(inputs.map(({ key }) => [key, ['Ada', 'glad'][place] ?? null])),
    );

    const batch = run(mapping, [record], answers);

    expect(rowsOf(batch, mapping)).toMatchObject({ name: 'ADA', nick: 'Ada', mood: 'glad' });
  });

  it('are null where nothing is known', async () => {
    const mapping = await readers({ more, reader });

    expect(rowsOf(run(mapping, [{ Owner__c: 'x' }]), mapping)).toMatchObject({ name: null, mood: 'calm' });
  });

  it('are nothing that most mappings need', async () => {
    expect(compileQuestions(await readers({}))).toBeNull();
  });
});
