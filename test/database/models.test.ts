import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defineModels } from '../../src/database/models.ts';
import { migrateTables } from '../../src/tables/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { tableOf } from '../support/table.ts';

const PUPIL = tableOf('pupil', {
  id: { type: 'integer', generated: true },
  name: { type: 'string', length: 20, required: true },
  born: { type: 'date' },
  points: { type: 'bigint', default: 7 },
  seen: { type: 'timestamp', default: 'now' },
});
let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase('app');
  await migrateTables(test.database, [PUPIL]);
});

afterAll(() => test.drop());

describe('a model', () => {
  it("writes inside a batch's transaction and reads what the batch has written", async () => {
    const models = await defineModels(test.database.sequelize, [PUPIL]);
    const pupils = models.get('pupil');

    const names = await test.database.transaction(async (tx) => {
      await tx.query(`INSERT INTO app.pupil (name) VALUES ('Ada')`);
      await pupils?.create({ name: 'Bo', born: '2010-02-28' }, { transaction: tx.sequelize });
      const found = await pupils?.findAll({ transaction: tx.sequelize, order: ['id'], raw: true });
      return found;
    });

    expect(names).toMatchObject([
      { id: 1, name: 'Ada', born: null },
      { id: 2, name: 'Bo', born: '2010-02-28' },
    ]);
  });

  it('keeps nothing when the transaction is rolled back', async () => {
    const models = await defineModels(test.database.sequelize, [PUPIL]);
    const before = await models.get('pupil')?.count();

    const batch = test.database.transaction(async (tx) => {
      await models.get('pupil')?.create({ name: 'Cy' }, { transaction: tx.sequelize });
      throw new Error('no');
    });

    await expect(batch).rejects.toThrow('no');
    expect(await models.get('pupil')?.count()).toBe(before);
  });

  it('finds the batch committed in a hook that runs after it', async () => {
    let seen: unknown;

    await test.database.transaction(async (tx) => {
      tx.sequelize.afterCommit(async () => {
        seen = (await test.database.query(`SELECT name FROM pupil WHERE name = 'Di'`)).rows;
      });
      await tx.query(`INSERT INTO pupil (name) VALUES ('Di')`);
    });

    expect(seen).toEqual([{ name: 'Di' }]);
  });
});
