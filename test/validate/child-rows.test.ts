import { describe, expect, it } from '@jest/globals';
import { compileTransform } from '../../src/transform/transform.ts';
import { compileValidation } from '../../src/validate/validate.ts';
import { readers, rowsOf } from '../support/readers.ts';
import { sourceBatch } from '../support/records.ts';

async function childOf(tables: string, record: Readonly<Record<string, string>>, child: string) {
  const mapping = await readers({ tables });
  const deps = { functions: null, today: '2026-01-15' };
  const mapped = compileTransform(mapping, deps)(sourceBatch(mapping, [{ Id: 'a00000000000001AAA', ...record }]));
  const batch = compileValidation(mapping, deps)(mapped);
  return { rows: rowsOf(batch, mapping)[child], batch };
}

const MAIL = `mail:
  parent: reader
  key: [reader_id, address]
  skip_when_blank: address
  one_primary: best
  each:
    - { address: Work_Mail__c, kind: { value: work }, best: { expr: "source.Best__c == 'Work'" } }
    - { address: Mail__c, kind: { value: home }, best: { expr: "blank(source.Best__c) || source.Best__c == 'Home'" } }
  columns:
    address: { transform: [trim, lower], format: email, on_invalid: "null" }
    kind: {}
    best: {}`;

describe('rows of a child table', () => {
  it('are one for each entry', async () => {
    const { rows } = await childOf(
      MAIL,
      { Work_Mail__c: 'a@work.example', Mail__c: 'A@home.example', Best__c: 'Work' },
      'mail',
    );

    expect(rows).toEqual([
      { address: 'a@work.example', kind: 'work', best: 'true' },
      { address: 'a@home.example', kind: 'home', best: 'false' },
    ]);
  });

  it('are one where two entries have the same key: the later decides, a primary mark of either stays', async () => {
    const { rows } = await childOf(
      MAIL,
      { Work_Mail__c: 'a@work.example', Mail__c: ' A@WORK.example', Best__c: 'Work' },
      'mail',
    );

    expect(rows).toEqual([null, { address: 'a@work.example', kind: 'home', best: 'true' }]);
  });

  it('have one primary, the first', async () => {
    const both = MAIL.replace("source.Best__c == 'Work'", 'true');

    const { rows } = await childOf(both, { Work_Mail__c: 'a@work.example', Mail__c: 'a@home.example' }, 'mail');

    expect(rows).toMatchObject([{ best: 'true' }, { best: 'false' }]);
  });

  it('are not there where skip_when says so, and nothing else of them is judged', async () => {
    const noWork = `${MAIL}\n  skip_when: "kind == 'work' || blank(source.Name)"`;
    const mails = { Work_Mail__c: 'no address', Mail__c: 'a@home.example' };

    const named = await childOf(noWork, { ...mails, Name: 'Ada' }, 'mail');
    const nameless = await childOf(noWork, mails, 'mail');

    expect(named.rows).toMatchObject([null, { kind: 'home' }]);
    expect(named.batch.warnings.size).toBe(0);
    expect(nameless.rows).toEqual([null, null]);
  });

  it('refuse the record when skip_when cannot be computed', async () => {
    const broken = `${MAIL}\n  skip_when: "10 / number(source.Count__c) > 1"`;

    const { batch } = await childOf(broken, { Mail__c: 'a@home.example', Count__c: '0' }, 'mail');

    expect(batch.rejections).toMatchObject([{ code: 'TRANSFORM_FAILED', rule: 'mail.skip_when' }]);
  });
});

describe('rows of a list', () => {
  const READING = `reading:
  parent: reader
  each:
    - { book_id: { from: Books__c, split: [";", ","] }, note: { from: Nick__c, transform: [trim] } }
    - { book_id: { from: Old_Books__c, split: ";" }, note: { from: Mood__c, required: true } }
  key: [reader_id, book_id]
  columns:
    book_id: { transform: [trim, lower], link: { table: book, by: name }, on_missing: create }
    note: {}`;

  it('are as many as there are items, each once', async () => {
    const { rows } = await childOf(
      READING,
      { Books__c: 'Emma, Dune; emma', Old_Books__c: 'DUNE; Ulysses', Mood__c: 'old' },
      'reading',
    );

    expect(rows).toEqual([
      { book_id: 'emma', note: null },
      { book_id: 'dune', note: 'old' },
      { book_id: 'ulysses', note: 'old' },
    ]);
  });

  it('are judged by the entry that they come from', async () => {
    const { batch } = await childOf(READING, { Books__c: 'Emma', Old_Books__c: 'Ulysses' }, 'reading');

    expect(batch.rejections).toMatchObject([
      { code: 'MISSING_REQUIRED_FIELD', column: 'reading.note', field: 'Mood__c' },
    ]);
  });

  it('are none for a record that names none', async () => {
    expect((await childOf(READING, {}, 'reading')).rows).toEqual([]);
  });
});
