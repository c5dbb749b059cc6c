import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { TableFile, TableFileColumn } from '../../../src/config/schema/table.ts';
import { mergeDraft } from '../../../src/tables/pull/merge.ts';
import type { ColumnDraft, TableDraft } from '../../../src/tables/pull/pulled.ts';
import { tableFileText } from '../../../src/tables/pull/table-file-text.ts';

const PLAIN: ColumnDraft = {
  name: 'x',
  type: 'text',
  values: null,
  dbType: null,
  generated: false,
  required: false,
  unique: false,
  default: null,
  dbDefault: null,
  references: null,
  onDelete: null,
  index: false,
  check: null,
  owner: 'sync',
  touch: null,
  pii: false,
  description: '',
  free: {},
  notes: [],
};

function draftOf(columns: readonly Partial<ColumnDraft>[], more: Partial<TableDraft> = {}): TableDraft {
  return {
    table: 't',
    description: '',
    extends: null,
    onDelete: null,
    primaryKey: null,
    columns: columns.map((column) => ({ ...PLAIN, ...column })),
    unique: [],
    indexes: [],
    free: {},
    ...more,
  };
}

function textOf(draft: TableDraft): string {
  return tableFileText(draft, '../../schemas/table.schema.json');
}

describe('the text of a table file', () => {
  it('is written as people here write it', () => {
    const text = textOf(
      draftOf(
        [
          { name: 'id', type: 'integer', generated: true },
          { name: 'email', type: 'string(80)', required: true, pii: true, notes: ['personal by its name'] },
          { name: 'kind', type: 'enum', values: ['a', 'b'], default: 'a', free: { 'x-team': 'crm' } },
        ],
        { description: 'People: all of them', unique: [['email', 'kind']], indexes: [['kind', 'email']] },
      ),
    );

    expect(text).toBe(`# yaml-language-server: $schema=../../schemas/table.schema.json
table: t
description: 'People: all of them'
columns:
  id: { type: integer, generated: true }
  email: { type: string(80), required: true, pii: true } # personal by its name
  kind: { type: enum, values: [a, b], default: a, x-team: crm }
unique:
  - [email, kind]
indexes:
  - [kind, email]
`);
  });

  it('puts a long column below its name, and a long list of values below that', () => {
    const values = Array.from({ length: 20 }, (_, index) => `a value with number ${index}`);

    const lines = textOf(draftOf([{ name: 'kind', type: 'enum', values, notes: ['note'] }])).split('\n');

    expect(lines.slice(2, 8)).toEqual([
      'columns:',
      '  # note',
      '  kind:',
      '    type: enum',
      '    values:',
      '      - a value with number 0',
    ]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it('holds every text exactly, whatever is in it', () => {
    const text = fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed());
    const awkward = fc.oneof(
      text,
      fc.constantFrom(
        'yes',
        'NO',
        '~',
        '1',
        '1e3',
        '',
        ' a',
        'a ',
        'a: b',
        '#a',
        "it's",
        '"',
        '\\',
        '- a',
        '2020-01-01',
        '{a}',
        '\u0085',
        '\u2028',
        '\uFEFFa',
        'a\tb',
        '!x',
        '&x',
        '*x',
        '%x',
        '@x',
        '`x',
        'null',
        '0x1f',
        '.inf',
      ),
    );

    fc.assert(
      fc.property(fc.array(awkward, { minLength: 1, maxLength: 4 }), awkward, (values, other) => {
        const draft = draftOf([
          { type: 'enum', values, default: other, description: other, free: { 'x-a': { b: [other] } } },
        ]);

        const read: unknown = parse(textOf(draft));

        expect(read).toEqual({
          table: 't',
          columns: {
            x: {
              type: 'enum',
              values,
              default: other,
              ...(other === '' ? {} : { description: other }),
              'x-a': { b: [other] },
            },
          },
        });
      }),
    );
  });
});

/** A column of a file, as its defaults leave it. */
function fileColumn(said: Partial<TableFileColumn>, free = {}): TableFileColumn {
  return {
    type: 'text',
    required: false,
    unique: false,
    index: false,
    generated: false,
    on_delete: 'restrict',
    owner: 'sync',
    pii: false,
    ...said,
    ...free,
  };
}

describe('a file that is written anew', () => {
  const columns = {
    kept: fileColumn({ owner: 'local', pii: true, description: 'Said by us' }, { 'x-note': 1 }),
    plain: fileColumn({}),
    gone: fileColumn({}),
  };
  const file: TableFile = { version: 1, table: 't', description: 'Ours', unique: [], indexes: [], columns };
  const before: TableFile = Object.assign(file, { 'x-owner': 'data team' });

  it('keeps what only a person knows', () => {
    const draft = draftOf([{ name: 'kept', type: 'string(80)', required: true, description: 'From the database' }]);

    const { draft: merged } = mergeDraft(draft, before);

    expect(merged).toMatchObject({ description: 'Ours', free: { 'x-owner': 'data team' } });
    expect(merged.columns).toEqual([
      {
        ...PLAIN,
        name: 'kept',
        type: 'string(80)',
        required: true,
        owner: 'local',
        pii: true,
        description: 'Said by us',
        free: { 'x-note': 1 },
      },
    ]);
  });

  it('does not guess again what a person has looked at', () => {
    const guess: Partial<ColumnDraft> = { pii: true, notes: ['personal by its name', 'inet in the database'] };
    const draft = draftOf([
      { name: 'plain', ...guess },
      { name: 'fresh', ...guess },
    ]);

    const { draft: merged } = mergeDraft(draft, before);

    expect(merged.columns.map(({ name, pii, notes }) => ({ name, pii, notes }))).toEqual([
      { name: 'plain', pii: false, notes: ['inet in the database'] },
      { name: 'fresh', ...guess },
    ]);
  });

  it('leaves out columns that the table has no more, and tells', () => {
    const { warnings } = mergeDraft(draftOf([{ name: 'kept' }, { name: 'plain' }]), before);

    expect(warnings).toMatchObject([{ table: 't', column: 'gone', code: 'column_gone' }]);
  });
});
