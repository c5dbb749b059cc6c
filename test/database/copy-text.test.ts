import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { escapeCopy } from '../../src/database/copy-text.ts';
import { quoteName, quoteTable, quoteText } from '../../src/database/quote.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});

afterAll(() => test.drop());

/** Any text that PostgreSQL can hold. */
const texts = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0') && value.isWellFormed());

describe('COPY', () => {
  it('gives every value back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.option(texts), fc.option(texts)), { minLength: 1 }), async (rows) => {
        const payload = rows.map((row) => `${row.map((value) => escapeCopy(value)).join('\t')}\n`).join('');
        const back = await test.database.transaction(async (tx) => {
          await tx.query('CREATE TEMP TABLE t (n int GENERATED ALWAYS AS IDENTITY, a text, b text) ON COMMIT DROP');
          await tx.copy('COPY t (a, b) FROM STDIN', payload);
          return tx.query<{ a: string | null; b: string | null }>('SELECT a, b FROM t ORDER BY n');
        });

        expect(back.rows.map(({ a, b }) => [a, b])).toEqual(rows);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    [null, '\\N'],
    ['', ''],
    ['\\N', '\\\\N'],
    ['\\.', '\\\\.'],
    ['a\tb\nc\rd', 'a\\tb\\nc\\rd'],
  ])('writes %j as %s', (value, expected) => {
    expect(escapeCopy(value)).toBe(expected);
  });
});

describe('quoting', () => {
  it('makes a name safe whatever it holds', async () => {
    const name = 'sel"ect; DROP TABLE x; --';
    await test.database.query(`CREATE TABLE ${quoteTable('public', name)} (${quoteName(name)} int)`);

    const { rows } = await test.database.query(`SELECT ${quoteName(name)} FROM ${quoteTable('public', name)}`);
    expect(rows).toEqual([]);
  });

  it('makes a text safe whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (value) => {
        const { rows } = await test.database.query(`SELECT ${quoteText(value)} AS value`);
        expect(rows).toEqual([{ value }]);
      }),
      { numRuns: 50 },
    );
  });
});
