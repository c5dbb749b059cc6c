import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { checkTables } from '../../src/tables/check.ts';
import { diffTables } from '../../src/tables/diff.ts';
import { migrateTables } from '../../src/tables/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { projectFolder } from '../support/project-folder.ts';
import { loadProject } from '../../src/config/load-project.ts';
import type { Project } from '../../src/config/project.ts';

let test: TestDatabase;
let project: Project;

const FILES = {
  'sync.config.yaml': 'version: 1\nproject: joined\nphases: [main]\n',
  'mappings/people.yaml': `version: 1
mapping: people
source: { soql: "SELECT Id, Name, SystemModstamp FROM Contact" }
tables:
  person: { key: salesforce_id, columns: { salesforce_id: Id, name: Name } }
`,
  'mappings/members.yaml': `version: 1
mapping: members
source: { soql: "SELECT Id, Who__c, Year__c, Role__c, SystemModstamp FROM Member__c" }
tables:
  membership:
    key: [year, person_id]
    columns: { person_id: { from: Who__c, link: person, on_missing: quarantine }, year: Year__c, role: Role__c }
`,
  'mappings/tables/person.yaml': `table: person
columns:
  salesforce_id: { type: string(18), unique: true }
  name: { type: text }
`,
  'mappings/tables/membership.yaml': `table: membership
primary_key: [person_id, year]
columns:
  role: { type: text }
  person_id: { type: integer, references: person.id, on_delete: cascade }
  year: { type: integer }
`,
};

beforeAll(async () => {
  test = await createTestDatabase('app');
  const loaded = await loadProject({ file: projectFolder(FILES), environment: {} });
  if (loaded.project === null) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
  project = loaded.project;
});

beforeEach(() => test.database.query('DROP SCHEMA IF EXISTS app CASCADE; CREATE SCHEMA app'));

afterAll(() => test.drop());

function tables(): Project['tables'] extends ReadonlyMap<string, infer Table> ? Table[] : never {
  return [...project.tables.values()];
}

describe('a primary key of several columns', () => {
  it('is made, and then nothing differs', async () => {
    await migrateTables(test.database, tables());

    expect(await diffTables(test.database, tables())).toEqual([]);
    await test.database.query(
      `INSERT INTO person (name) VALUES ('a'); INSERT INTO membership VALUES (1, 2020), (1, 2021)`,
    );
    for (const row of ['(1, 2020)', '(1, NULL)', '(NULL, 2020)', '(2, 2020)']) {
      await expect(test.database.query(`INSERT INTO membership VALUES ${row}`)).rejects.toMatchObject({
        sqlState: expect.stringMatching(/^23/),
      });
    }
  });

  it('is the same in another order', async () => {
    await test.database.query(`CREATE TABLE person (id serial PRIMARY KEY, salesforce_id varchar(18) UNIQUE, name text);
      CREATE TABLE membership (year int, role text, person_id int REFERENCES person ON DELETE CASCADE,
        PRIMARY KEY (year, person_id))`);

    expect(await diffTables(test.database, tables())).toEqual([]);
    expect(await checkTables(test.database, project)).toEqual([]);
  });

  it.each([
    ['one column of it', 'PRIMARY KEY (person_id)'],
    ['another', 'PRIMARY KEY (person_id, year, role)'],
    ['none', 'CHECK (true)'],
  ])('needs a person where the table has %s', async (_, key) => {
    await test.database.query(`CREATE TABLE person (id serial PRIMARY KEY, salesforce_id varchar(18) UNIQUE, name text);
      CREATE TABLE membership (year int NOT NULL, role text, person_id int NOT NULL REFERENCES person ON DELETE CASCADE,
        ${key})`);

    const changes = (await diffTables(test.database, tables())).filter(({ kind }) => kind === 'change_primary_key');

    expect(changes).toMatchObject([{ table: 'membership', column: 'person_id, year', safe: false, sql: null }]);
  });

  it('finds rows: by it, or by what is unique in it, but not by less', async () => {
    const make = (key: string): Promise<unknown> =>
      test.database.query(`DROP SCHEMA app CASCADE; CREATE SCHEMA app;
        CREATE TABLE person (id serial PRIMARY KEY, salesforce_id varchar(18) UNIQUE, name text);
        CREATE TABLE membership (year int NOT NULL, role text, person_id int NOT NULL REFERENCES person, ${key})`);

    await make('UNIQUE (person_id)');
    expect(await checkTables(test.database, project)).toEqual([]);
    await make('PRIMARY KEY (person_id, year, role)');
    const codes = (await checkTables(test.database, project)).map(({ code }) => code);
    expect(codes).toContain('key_not_unique');
  });
});
