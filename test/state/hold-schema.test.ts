import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { forgetSchema, holdSchema } from '../../src/state/hold-schema.ts';
import { mappingId } from '../../src/state/mappings.ts';
import { prepareState } from '../../src/state/prepare-state.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let test: TestDatabase;

beforeEach(async () => {
  test = await createTestDatabase();
  await prepareState(test.database);
});

afterEach(() => test.drop());

const hold = (schema: string, ...mappings: readonly string[]) => holdSchema(test.database, { schema, mappings });

describe('the schema of the rows', () => {
  it('is that of the first run, and of every later one', async () => {
    await hold('public', 'people');
    await hold('public', 'people', 'houses');

    await expect(hold('trial', 'houses')).rejects.toMatchObject({
      code: 'SCHEMA_CHANGED',
      details: { mapping: 'houses', known: 'public', schema: 'trial' },
    });
  });

  it('is asked of the mappings of the run alone', async () => {
    await hold('public', 'people');

    await expect(hold('trial', 'visitors')).resolves.toBeUndefined();
  });

  it('is taken from the next run for mappings that are older than the question', async () => {
    const id = await mappingId(test.database, 'people');

    await hold('public', 'people');

    expect(await mappingId(test.database, 'people')).toBe(id);
    await expect(hold('trial', 'people')).rejects.toMatchObject({ code: 'SCHEMA_CHANGED' });
  });

  it('is another one when a person says so', async () => {
    await hold('public', 'people', 'houses');

    expect(await forgetSchema(test.database, ['people'])).toBe(1);

    await expect(hold('app', 'people')).resolves.toBeUndefined();
    await expect(hold('app', 'houses')).rejects.toMatchObject({ code: 'SCHEMA_CHANGED' });
  });
});
