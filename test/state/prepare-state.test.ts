import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase } from '../../src/database/open-database.ts';
import { prepareState } from '../../src/state/prepare-state.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let test: TestDatabase;

beforeEach(async () => {
  test = await createTestDatabase();
});

afterEach(() => test.drop());

async function applied(): Promise<string[]> {
  const { rows } = await test.database.query<{ name: string }>('SELECT name FROM sluice.migration ORDER BY name');
  return rows.map(({ name }) => name);
}

const MIGRATIONS = [
  '0001-initial',
  '0002-whole-language',
  '0003-nothing-is-lost',
  '0004-history',
  '0005-schema-of-rows',
  '0006-imports-and-their-projects',
  '0007-parents-of-left-out',
  '0008-ids-due',
];

describe('the state', () => {
  it('is made where there is none', async () => {
    await prepareState(test.database);

    expect(await applied()).toEqual(MIGRATIONS);
  });

  it('is left alone where it is up to date', async () => {
    await prepareState(test.database);
    await prepareState(test.database);

    expect(await applied()).toEqual(MIGRATIONS);
  });

  it('is made once when several processes come at the same time', async () => {
    const others = await Promise.all([1, 2, 3].map(() => openDatabase({ url: test.url, schema: 'public' })));

    await Promise.all([test.database, ...others].map((database) => prepareState(database)));

    expect(await applied()).toEqual(MIGRATIONS);
    await Promise.all(others.map((database) => database.close()));
  });

  it('is not touched when a newer version has been here', async () => {
    await prepareState(test.database);
    await test.database.query(`INSERT INTO sluice.migration (name) VALUES ('9999-future')`);

    await expect(prepareState(test.database)).rejects.toMatchObject({
      code: 'STATE_TOO_NEW',
      message: expect.stringContaining('9999-future'),
    });
  });

  it('needs no right to create anything once it is there', async () => {
    await prepareState(test.database);
    const role = `reader_${Date.now()}`;
    await test.database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'p'; GRANT USAGE ON SCHEMA sluice TO ${role};
      GRANT SELECT ON sluice.migration TO ${role}`);
    const url = new URL(test.url);
    url.username = role;
    url.password = 'p';
    const reader = await openDatabase({ url: url.href, schema: 'public' });

    await expect(prepareState(reader)).resolves.toBeUndefined();

    await reader.close();
    await test.database.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
});
