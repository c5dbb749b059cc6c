import { describe, expect, it } from '@jest/globals';
import type { MappedBatch } from '../../src/flow/mapped-batch.ts';
import type { RecordView } from '../../src/plugin/define-plugin.ts';
import { compileTransform } from '../../src/transform/transform.ts';
import { compileValidation } from '../../src/validate/validate.ts';
import { readers, rowsOf, type Sketch } from '../support/readers.ts';
import { sourceBatch } from '../support/records.ts';

const ID = 'a00000000000001AAA';

function fail(): never {
  throw new Error('Ada is not welcome');
}

const FUNCTIONS = {
  transform: () => (value: string | null) => value,
  check: ({ name }: { readonly name: string }) =>
    name === 'town.broken' ? fail : (value: string) => value === 'fine' || 'is not fine',
  recordCheck:
    ({ name }: { readonly name: string }) =>
    (record: RecordView) => {
      if (name === 'town.broken') fail();
      return record.column('name') === record.field('Nick__c') || 'differs';
    },
};

async function judge(sketch: Sketch, record: Readonly<Record<string, string>>) {
  const mapping = await readers(sketch);
  const deps = { functions: FUNCTIONS, today: '2026-01-15' };
  const mapped = compileTransform(mapping, deps)(sourceBatch(mapping, [{ Id: ID, ...record }]));
  const batch: MappedBatch = compileValidation(mapping, deps)(mapped);
  return { batch, rows: rowsOf(batch, mapping), warnings: Object.fromEntries(batch.warnings) };
}

const COLUMNS =
  'name: Name\nborn: { from: Born__c, on_invalid: "null" }\ncount: { from: Count__c, on_invalid: "null" }';

function rule(text: string): Sketch {
  return { reader: COLUMNS, more: `rules: [{ name: plausible, ${text} }]` };
}

describe('a rule', () => {
  it('refuses a record under its own name, and blames no column', async () => {
    const { batch } = await judge(rule('check: "years(born, today) < 25"'), { Born__c: '1950-01-01' });

    expect(batch.records).toEqual([]);
    expect(batch.rejections).toMatchObject([
      { sourceId: ID, code: 'RULE_FAILED', rule: 'plausible', column: null, field: null },
    ]);
  });

  it('with severity warn counts the record, and lets it through', async () => {
    const { batch, warnings } = await judge(rule('check: "years(born, today) < 25", severity: warn'), {
      Born__c: '1950-01-01',
    });

    expect(batch.records).toHaveLength(1);
    expect(warnings).toEqual({ 'RULE_FAILED plausible': 1 });
  });

  it.each([
    ['true', { Born__c: '2012-05-06' }],
    ['not known, because a value is null', {}],
    ['not known, because a value that did not fit was dropped', { Born__c: 'long ago' }],
  ])('lets a record through when its check is %s', async (_what, record) => {
    const { batch } = await judge(rule('check: "years(born, today) < 25"'), record);

    expect(batch.records).toHaveLength(1);
  });

  it.each([
    ['is left aside where `when` is false', { Name: 'Bob', Count__c: '0' }, 1],
    ['is left aside where `when` is not known', { Count__c: '0' }, 1],
    ['holds where `when` is true', { Name: 'Ada', Count__c: '0' }, 0],
  ])('%s', async (_what, record, loaded) => {
    const { batch } = await judge(rule(`when: "name == 'Ada'", check: "count > 0"`), record);

    expect(batch.records).toHaveLength(loaded);
  });

  it('that cannot be computed refuses the record as such', async () => {
    const { batch } = await judge(rule('check: "10 / count > 1"'), { Count__c: '0' });

    expect(batch.rejections).toMatchObject([{ code: 'TRANSFORM_FAILED', rule: 'plausible', column: null }]);
  });

  it('that cannot be computed is a warning when it is one', async () => {
    const { batch, warnings } = await judge(rule('check: "10 / count > 1", severity: warn'), { Count__c: '0' });

    expect(batch.records).toHaveLength(1);
    expect(warnings).toEqual({ 'TRANSFORM_FAILED plausible': 1 });
  });

  it('is not asked about a record that a column has refused', async () => {
    const { batch, warnings } = await judge(
      {
        reader: 'name: { from: Name, required: true }',
        more: 'rules: [{ name: named, check: "!blank(name)", severity: warn }]',
      },
      {},
    );

    expect(batch.rejections).toMatchObject([{ code: 'MISSING_REQUIRED_FIELD' }]);
    expect(warnings).toEqual({});
  });

  it('may be the check of a plugin, which sees columns and fields', async () => {
    const sketch = rule('use: town.same');

    expect((await judge(sketch, { Name: 'Ada', Nick__c: 'Ada' })).batch.records).toHaveLength(1);
    expect((await judge(sketch, { Name: 'Ada', Nick__c: 'Dee' })).batch.rejections).toMatchObject([
      { code: 'RULE_FAILED', rule: 'plausible' },
    ]);
  });

  it('of a plugin that throws refuses the record', async () => {
    const { batch } = await judge(rule('use: town.broken'), {});

    expect(batch.rejections).toMatchObject([{ code: 'TRANSFORM_FAILED', rule: 'plausible' }]);
  });
});

describe("a plugin's check of a column", () => {
  it('refuses by its own name', async () => {
    const { batch } = await judge({ reader: 'name: { from: Name, format: town.fine }' }, { Name: 'bad' });

    expect(batch.rejections).toMatchObject([
      { code: 'INVALID_FORMAT', column: 'reader.name', field: 'Name', rule: 'town.fine' },
    ]);
  });

  it('obeys on_invalid', async () => {
    const { rows, warnings } = await judge(
      { reader: 'name: { from: Name, format: town.fine, on_invalid: "null" }' },
      { Name: 'bad' },
    );

    expect(rows).toMatchObject({ name: null });
    expect(warnings).toEqual({ 'INVALID_FORMAT reader.name': 1 });
  });

  it('that throws refuses the record, whatever on_invalid says', async () => {
    const { batch } = await judge(
      { reader: 'name: { from: Name, format: town.broken, on_invalid: "null" }' },
      { Name: 'bad' },
    );

    expect(batch.rejections).toMatchObject([{ code: 'TRANSFORM_FAILED', column: 'reader.name', rule: 'town.broken' }]);
  });
});

describe('an empty text that the mapping writes', () => {
  it('is a value for a column of text, also where null is none', async () => {
    const { rows } = await judge(
      { reader: 'nick: { from: Nick__c, transform: [trim, { default: { value: "" } }] }' },
      {},
    );

    expect(rows).toMatchObject({ nick: '' });
  });

  it('is null for any other column', async () => {
    expect(
      (await judge({ reader: 'count: { from: Count__c, transform: [{ default: { value: "" } }] }' }, {})).rows,
    ).toMatchObject({ count: null });
  });

  it('is not what a text of nothing but NUL becomes', async () => {
    const { rows, warnings } = await judge({ reader: 'name: Name' }, { Name: '\0' });

    expect(rows).toMatchObject({ name: null });
    expect(warnings).toEqual({ 'INVALID_TEXT reader.name': 1 });
  });
});
