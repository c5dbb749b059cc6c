import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readCatalogue } from '../../src/tables/catalogue.ts';
import { readRule } from '../../src/tables/read-rule.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});

afterAll(() => test.drop());

/** What is read of a constraint, in PostgreSQL's own words for it. */
async function read(check: string): Promise<ReturnType<typeof readRule>> {
  await test.database.query(`DROP TABLE IF EXISTS t; DROP TYPE IF EXISTS mood; CREATE TYPE mood AS ENUM ('glad', 'sad');
    CREATE TABLE t (n int, s smallint, b bigint, d numeric(6,2), f float8, w varchar(20), x text, c char(2), m mood,
      "Odd ""name" int, at date, CHECK (${check}))`);
  const table = (await readCatalogue(test.database, 'public')).get('t');
  return readRule(table?.checks[0]?.expression ?? '');
}

describe('a range', () => {
  it.each([
    ['n BETWEEN 0 AND 12', 'n', 'between 0 and 12'],
    ['n >= 0 AND n <= 12', 'n', 'between 0 and 12'],
    ['n <= 12 AND n >= 0', 'n', 'between 0 and 12'],
    ['0 <= n AND 12 > n', 'n', '>= 0 and < 12'],
    ['n > -1', 'n', '> -1'],
    ['s >= -32768', 's', '>= -32768'],
    ['b < 9007199254740991', 'b', '< 9007199254740991'],
    ['d > 0 AND d <= 4.5', 'd', '> 0 and <= 4.5'],
    ['f >= 0', 'f', '>= 0'],
    ['n IS NULL OR n > 0', 'n', '> 0'],
    ['"Odd ""name" >= 0', 'Odd "name', '>= 0'],
  ])('%s is read', async (check, column, range) => {
    expect(await read(check)).toEqual({ column, range, values: null });
  });
});

describe('a list of values', () => {
  it.each<[string, string, string[]]>([
    [`w IN ('a', 'b')`, 'w', ['a', 'b']],
    [`x IN ('it''s', 'b, c', 'd"e')`, 'x', [`it's`, 'b, c', 'd"e']],
    [`x = 'only'`, 'x', ['only']],
    [`x = 'a' OR x = 'b' OR x IS NULL`, 'x', ['a', 'b']],
    [`w = ANY (ARRAY['a'::varchar, 'b'])`, 'w', ['a', 'b']],
    [`c IN ('MO', 'KS')`, 'c', ['MO', 'KS']],
    [`m IN ('glad')`, 'm', ['glad']],
    [`x IN ('back\\slash')`, 'x', ['back\\slash']],
  ])('%s is read', async (check, column, values) => {
    expect(await read(check)).toEqual({ column, range: null, values });
  });
});

describe('anything else', () => {
  it.each([
    'n > s',
    'n <> 3',
    'n IN (1, 2)',
    'n > 0 AND s > 0',
    'n > 0 OR n < -5',
    'n > 0 AND n < 10 AND n <> 5',
    'b < 9223372036854775807',
    'char_length(x) < 10',
    `x ~ '^a'`,
    `x NOT IN ('a', 'b')`,
    `x LIKE 'a%'`,
    `at > '2020-01-01'`,
    'n IS NOT NULL',
    `CASE WHEN n > 0 THEN x = 'a' END`,
    `(n > 0) = (s > 0)`,
    `n % 2 = 0`,
  ])('%s is left to a person', async (check) => {
    expect(await read(check)).toBeNull();
  });
});
