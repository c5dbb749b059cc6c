import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readCatalogue } from '../../src/tables/catalogue.ts';
import { type LiveDefault, readDefault } from '../../src/tables/read-default.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  await test.database.query(`CREATE TYPE mood AS ENUM ('glad', 'sad')`);
});

afterAll(() => test.drop());

const constant = (text: string): LiveDefault => ({ kind: 'constant', text });

describe('a default', () => {
  it.each<[string, string, LiveDefault]>([
    ['integer', '0', constant('0')],
    ['integer', '-1', constant('-1')],
    ['numeric(5,2)', '0.00', constant('0.00')],
    ['boolean', 'true', constant('true')],
    ['boolean', 'FALSE', constant('false')],
    ['varchar(20)', `'it''s'`, constant(`it's`)],
    ['text', `''`, constant('')],
    ['text', `'now'`, constant('now')],
    ['jsonb', `'{}'`, constant('{}')],
    ['mood', `'sad'`, constant('sad')],
    ['date', `'2020-01-31'`, constant('2020-01-31')],
    ['text[]', `'{}'`, constant('{}')],
    ['timestamptz', 'now()', { kind: 'now' }],
    ['timestamptz', 'CURRENT_TIMESTAMP', { kind: 'now' }],
    ['timestamp(3)', 'CURRENT_TIMESTAMP(3)', { kind: 'now' }],
    ['timestamp', 'LOCALTIMESTAMP', { kind: 'now' }],
    ['timestamp', `(now() AT TIME ZONE 'utc')`, { kind: 'now' }],
    ['timestamp', `timezone('UTC', CURRENT_TIMESTAMP)`, { kind: 'now' }],
    ['timestamp', `('now'::text)::timestamp`, { kind: 'now' }],
    ['date', 'CURRENT_DATE', { kind: 'today' }],
    ['date', 'now()::date', { kind: 'today' }],
    ['text', 'NULL', { kind: 'none' }],
    ['text', `NULL::text`, { kind: 'none' }],
    ['uuid', 'gen_random_uuid()', { kind: 'expression' }],
    ['timestamp', `(now() AT TIME ZONE 'America/Chicago')`, { kind: 'expression' }],
    ['timestamptz', `now() + interval '1 day'`, { kind: 'expression' }],
    ['text', `CURRENT_USER`, { kind: 'expression' }],
    ['integer', `1 + 1`, { kind: 'expression' }],
    ['text', `lower('A')`, { kind: 'expression' }],
    ['text', `'back\\slash'`, constant('back\\slash')],
  ])('of %s: %s', async (type, expression, expected) => {
    await test.database.query(`DROP TABLE IF EXISTS t; CREATE TABLE t (x ${type} DEFAULT ${expression})`);
    const column = (await readCatalogue(test.database, 'public')).get('t')?.columns.get('x');

    expect(readDefault(column?.default ?? null)).toEqual(expected);
  });
});
