import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Project } from '../../src/config/project.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import { checkTables, type TableProblem } from '../../src/tables/check.ts';
import { migrateTables } from '../../src/tables/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { repositoryProject } from '../support/project.ts';

let test: TestDatabase;
let project: Project;

beforeAll(async () => {
  test = await createTestDatabase('app');
  project = await repositoryProject();
});

beforeEach(async () => {
  await test.database.query('DROP SCHEMA IF EXISTS app CASCADE');
  await migrateTables(test.database, [...project.tables.values()]);
});

afterAll(() => test.drop());

/** What is found after the tables were changed by hand. */
async function found(sql: string): Promise<Partial<TableProblem>[]> {
  await test.database.query(sql);
  const problems = await checkTables(test.database, project);
  return problems.map(({ code, severity, table, column }) => ({ code, severity, table, column }));
}

describe('the check of tables', () => {
  it('finds nothing wrong with those that were made from the files', async () => {
    expect(await checkTables(test.database, project)).toEqual([]);
  });

  it.each([
    ['a missing table', 'DROP TABLE phone', 'missing_table', 'phone', null],
    ['a missing column', 'ALTER TABLE contact DROP COLUMN gender', 'missing_column', 'contact', 'gender'],
    [
      'text with too little room',
      'ALTER TABLE contact ALTER COLUMN first_name TYPE varchar(10)',
      'type_too_small',
      'contact',
      'first_name',
    ],
    ['another type', 'ALTER TABLE contact ALTER COLUMN birthdate TYPE text', 'type_differs', 'contact', 'birthdate'],
    [
      'a required column that nothing fills',
      'ALTER TABLE contact ADD COLUMN tenant int NOT NULL',
      'nothing_fills',
      'contact',
      'tenant',
    ],
    [
      'a key that is not unique',
      'ALTER TABLE contact DROP CONSTRAINT contact_salesforce_individual_id_key',
      'key_not_unique',
      'contact',
      'salesforce_individual_id',
    ],
  ])('finds %s', async (_, sql, ...[code, table, column]) => {
    expect(await found(sql)).toEqual([{ code, severity: 'error', table, column }]);
  });

  it('warns of a column that refuses null where the file allows it', async () => {
    expect(await found('ALTER TABLE contact ALTER COLUMN gender SET NOT NULL')).toEqual([
      { code: 'null_refused', severity: 'warning', table: 'contact', column: 'gender' },
    ]);
  });

  it.each([
    ['more room', 'ALTER TABLE contact ALTER COLUMN first_name TYPE text'],
    ['a column that no mapping fills', 'ALTER TABLE contact DROP COLUMN exclude_from_reports'],
    ['a required column with a default', 'ALTER TABLE contact ADD COLUMN tenant int NOT NULL DEFAULT 1'],
    [
      'a column that the database computes',
      'ALTER TABLE contact ADD COLUMN l text GENERATED ALWAYS AS (last_name) STORED',
    ],
  ])('does not mind %s', async (_, sql) => {
    expect(await found(sql)).toEqual([]);
  });

  it('finds that the user may not write', async () => {
    const role = `reader_${Date.now()}`;
    await test.database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'p'; GRANT USAGE ON SCHEMA app TO ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA app TO ${role}; REVOKE UPDATE ON app.email FROM ${role}`);
    const url = new URL(test.url);
    url.username = role;
    url.password = 'p';
    const reader = await openDatabase({ url: url.href, schema: 'app' });

    const problems = await checkTables(reader, project);

    expect(problems).toMatchObject([
      { code: 'no_right', table: 'email', message: 'The user of this connection may not update on email.' },
    ]);
    await reader.close();
    await test.database.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
});
