import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { loadProject } from '../../src/config/load-project.ts';
import type { Project } from '../../src/config/project.ts';
import { checkTables, type TableProblem } from '../../src/tables/check.ts';
import { diffTables } from '../../src/tables/diff.ts';
import { migrateTables } from '../../src/tables/migrate.ts';
import { asProjectFiles, madeBy, pull } from '../support/existing-database.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Files, projectFolder } from '../support/project-folder.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase('app');
});

beforeEach(() => test.database.query('DROP SCHEMA IF EXISTS app CASCADE; CREATE SCHEMA app'));

afterAll(() => test.drop());

async function loaded(files: Files): Promise<Project> {
  const file = projectFolder({ 'sync.config.yaml': 'version: 1\nproject: typed\nphases: [main]\n', ...files });
  const { project, problems } = await loadProject({ file, environment: {} });
  if (project === null) throw new Error(problems.map(({ message }) => message).join('\n'));
  return project;
}

/** A project with one table, whose columns `x` is written by a mapping. */
async function typed(column: string): Promise<Project> {
  return loaded({
    'mappings/things.yaml': `version: 1
mapping: things
source: { soql: "SELECT Id, Name, SystemModstamp FROM Thing__c" }
tables:
  thing: { key: salesforce_id, columns: { salesforce_id: Id, x: Name } }
`,
    'mappings/tables/thing.yaml': `table: thing
columns:
  salesforce_id: { type: string(18), unique: true }
  x: ${column}
`,
  });
}

async function found(project: Project, type: string, before = ''): Promise<Pick<TableProblem, 'code' | 'message'>[]> {
  await test.database.query(`${before}; CREATE TABLE thing (id serial PRIMARY KEY,
    salesforce_id varchar(18) UNIQUE, x ${type})`);
  return (await checkTables(test.database, project)).map(({ code, message }) => ({ code, message }));
}

describe('the check', () => {
  it('takes a type of the database when the file names it, and asks for that otherwise', async () => {
    const plain = await typed('{ type: timestamp }');

    const [problem] = await found(plain, 'timestamp(6)');

    expect(problem).toEqual({
      code: 'type_differs',
      message:
        'thing.x is timestamp(6) without time zone and not timestamp. If that is meant, write `db_type` in mappings/tables/thing.yaml.',
    });
    const named = await typed('{ type: timestamp, db_type: timestamp(6) without time zone }');
    expect(await checkTables(test.database, named)).toEqual([]);
  });

  it('finds a value of the file that an enum of the database lacks', async () => {
    const project = await typed('{ type: enum, values: [glad, sad, new], db_type: mood }');

    expect(await found(project, 'mood', `CREATE TYPE mood AS ENUM ('glad', 'sad')`)).toEqual([
      { code: 'type_too_small', message: 'thing.x is the enum mood, which has no new.' },
    ]);
  });

  it('finds a type that cannot be compared', async () => {
    expect(await found(await typed('{ type: json }'), 'json')).toEqual([
      {
        code: 'type_differs',
        message: 'thing.x is json, which PostgreSQL cannot compare, so a change in it would not be seen.',
      },
    ]);
  });

  it('finds a column that the database computes', async () => {
    expect(await found(await typed('{ type: text }'), `text GENERATED ALWAYS AS (salesforce_id) STORED`)).toEqual([
      { code: 'computed', message: 'thing.x is computed by the database and cannot be written.' },
    ]);
  });

  it('knows a rule of another program by what it says', async () => {
    const project = await typed('{ type: integer, check: between 0 and 12 }');

    expect(await found(project, 'integer CONSTRAINT grade CHECK (x <= 12 AND x >= 0)')).toEqual([]);

    expect(await diffTables(test.database, [...project.tables.values()])).toEqual([]);
  });
});

describe('a type of the database', () => {
  it('gets the values that an enum lacks, and keeps those that it has beside', async () => {
    await test.database.query(`CREATE TYPE mood AS ENUM ('glad', 'sad');
      CREATE TABLE thing (id serial PRIMARY KEY, salesforce_id varchar(18) UNIQUE, x mood)`);
    const tables = [...(await typed('{ type: enum, values: [glad, new], db_type: mood }')).tables.values()];

    const { made: done } = await migrateTables(test.database, tables);

    expect(done.map(({ kind, column }) => ({ kind, column }))).toEqual([{ kind: 'widen_type', column: 'x' }]);
    expect(await diffTables(test.database, tables)).toMatchObject([{ kind: 'wider_type', sql: null }]);
    await test.database.query(`INSERT INTO thing (x) VALUES ('new')`);
  });

  it('that is no enum must be there before a table of it is made', async () => {
    const tables = [...(await typed('{ type: text, db_type: postcode }')).tables.values()];

    await expect(migrateTables(test.database, tables)).rejects.toMatchObject({
      code: 'DATABASE_UNSAFE_CHANGE',
      message: expect.stringContaining('The type postcode of thing.x is not in the database'),
    });
  });

  it('computed by the database cannot be made from the file', async () => {
    const tables = [...(await typed('{ type: text }')).tables.values()].map((table) => ({
      ...table,
      columns: table.columns.map((column) =>
        column.name === 'x' ? { ...column, generated: true, owner: 'local' as const } : column,
      ),
    }));

    await expect(migrateTables(test.database, tables)).rejects.toMatchObject({
      message: expect.stringContaining('the file does not say how the database fills x'),
    });
  });
});

describe('files that were pulled from one database', () => {
  it.each(['prisma', 'alembic'] as const)(
    'make the tables of %s in an empty one, but for what they cannot say',
    async (tool) => {
      const other = await createTestDatabase();
      await other.database.query(madeBy(tool));
      const { files } = await pull(other.database);
      await other.drop();
      const project = await loaded(asProjectFiles(files));
      await test.database.query('CREATE DOMAIN grade_level AS integer');

      await migrateTables(test.database, [...project.tables.values()]);

      expect(await diffTables(test.database, [...project.tables.values()])).toEqual([]);
    },
  );
});
