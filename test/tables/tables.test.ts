import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Table } from '../../src/config/table.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import { diffTables } from '../../src/tables/diff.ts';
import { migrateTables } from '../../src/tables/migrate.ts';
import type { TableChange } from '../../src/tables/table-change.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { repositoryProject } from '../support/project.ts';
import { type ColumnSketch, tableOf } from '../support/table.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase('app');
});

beforeEach(() => test.database.query('DROP SCHEMA IF EXISTS app CASCADE; CREATE SCHEMA app'));

afterAll(() => test.drop());

const ID: ColumnSketch = { type: 'integer', generated: true };
const NAME: ColumnSketch = { type: 'string', length: 20 };
const SCHOOL = tableOf('school', { id: { type: 'string', length: 18 }, name: NAME });

function pupil(columns: Readonly<Record<string, ColumnSketch>>, more: Partial<Table> = {}): Table {
  return tableOf('pupil', { id: ID, ...columns }, more);
}

function graded(check?: { min: number; max: number }): Table {
  return pupil({ name: NAME, grade: { type: 'integer', ...(check === undefined ? {} : { check }) } });
}

function ofKind(...values: string[]): Table {
  return pupil({ name: NAME, kind: { type: 'enum', values } });
}

function referring(onDelete: 'restrict' | 'set_null'): Table {
  return pupil({ name: { type: 'string', length: 18, references: { table: 'school', column: 'id', onDelete } } });
}

async function differences(...tables: Table[]): Promise<Pick<TableChange, 'kind' | 'column' | 'safe'>[]> {
  const changes = await diffTables(test.database, tables);
  return changes.map(({ kind, column, safe }) => ({ kind, column, safe }));
}

/** The tables become those of the files, and nothing is left to do. */
async function migrated(...tables: Table[]): Promise<readonly TableChange[]> {
  const { made: done } = await migrateTables(test.database, tables);
  expect((await diffTables(test.database, tables)).filter(({ sql }) => sql !== null)).toEqual([]);
  return done;
}

describe("the repository's own tables", () => {
  it('are created, and then nothing differs', async () => {
    const tables = [...(await repositoryProject()).tables.values()];

    await migrated(...tables);

    expect(await diffTables(test.database, tables)).toEqual([]);
  });
});

describe('a new table', () => {
  it('has the columns, types, defaults and keys of its file', async () => {
    await migrated(
      pupil(
        {
          name: { type: 'string', length: 80, required: true, unique: true },
          note: { type: 'text', description: "it's free" },
          points: { type: 'bigint', default: 0 },
          share: { type: 'numeric' },
          weight: { type: 'float' },
          gifted: { type: 'boolean', required: true, default: false },
          born: { type: 'date' },
          seen: { type: 'timestamp', default: 'now' },
          kind: { type: 'enum', values: ["a'b", 'c'], default: 'c' },
          data: { type: 'json' },
          code: { type: 'uuid', index: true },
          grade: { type: 'integer', check: { min: 0, max: 12, maxExclusive: true } },
        },
        { unique: [['name', 'born']], indexes: [['born', 'kind']] },
      ),
    );

    const { rows } = await test.database.query(
      `INSERT INTO pupil (name) VALUES ('Ada') RETURNING id, points, gifted, seen > now() - interval '1 minute' AS seen, kind`,
    );
    expect(rows).toEqual([{ id: 1, points: '0', gifted: false, seen: true, kind: 'c' }]);
    for (const wrong of [`('Ada', 1, 'c')`, `('Bo', 12, 'c')`, `('Cy', 1, 'x')`, `(NULL, 1, 'c')`]) {
      await expect(test.database.query(`INSERT INTO pupil (name, grade, kind) VALUES ${wrong}`)).rejects.toMatchObject({
        sqlState: expect.stringMatching(/^23/),
      });
    }
  });

  it('shares its primary key with the one that it extends, and goes with it', async () => {
    const contact = tableOf('contact', { id: ID });
    const references = { table: 'contact', column: 'id', onDelete: 'cascade' } as const;
    const student = tableOf('student', { id: { type: 'integer', references } }, { extends: 'contact' });
    await migrated(student, contact);

    await test.database.query(`INSERT INTO contact VALUES (1); INSERT INTO student VALUES (1); DELETE FROM contact`);

    expect((await test.database.query('SELECT * FROM student')).rows).toEqual([]);
  });

  it('may stand in a circle with another', async () => {
    const [one, two] = ['one', 'two'].map((table): ColumnSketch => ({
      type: 'integer',
      references: { table, column: 'id', onDelete: 'set_null' },
    }));

    const done = await migrated(
      tableOf('one', { id: ID, other: two ?? ID }),
      tableOf('two', { id: ID, other: one ?? ID }),
    );

    expect(done.map(({ kind }) => kind)).toEqual(['create_table', 'create_table', 'add_reference', 'add_reference']);
  });

  it('comes with the schema where that is missing', async () => {
    const other = await openDatabase({ url: test.url, schema: 'elsewhere' });

    const { made: done } = await migrateTables(other, [SCHOOL]);

    expect(done.map(({ kind }) => kind)).toEqual(['create_schema', 'create_table']);
    await other.close();
  });

  it('is made once when two migrate at the same time', async () => {
    const other = await openDatabase({ url: test.url, schema: 'app' });

    const both = await Promise.all([migrateTables(test.database, [SCHOOL]), migrateTables(other, [SCHOOL])]);

    expect(both.map(({ made }) => made.length).toSorted((a, b) => a - b)).toEqual([0, 1]);
    await other.close();
  });

  it('may have names that are long or strange', async () => {
    const long = 'a_very_long_name_of_a_column_that_goes_on_and_on_for_ever';

    const done = await migrated(
      tableOf('select', {
        id: ID,
        'order "by"': { type: 'string', unique: true },
        [`${long}_1`]: { type: 'integer', index: true, check: { min: 0 } },
        [`${long}_2`]: { type: 'integer', index: true, check: { min: 0 } },
      }),
    );

    expect(done.map(({ kind }) => kind)).toEqual(['create_table', 'add_index', 'add_index']);
  });
});

describe('a table that is there', () => {
  beforeEach(() => migrateTables(test.database, [SCHOOL, pupil({ name: NAME })]));

  it('gets a new column', async () => {
    await test.database.query('INSERT INTO pupil (name) VALUES (NULL)');

    const done = await migrated(SCHOOL, pupil({ name: NAME, grade: { type: 'integer' } }));

    expect(done).toMatchObject([{ kind: 'add_column', table: 'pupil', column: 'grade', safe: true }]);
  });

  it('gets a required column only where no row lacks a value', async () => {
    const wanted = pupil({ name: NAME, grade: { type: 'integer', required: true } });
    await test.database.query('INSERT INTO pupil DEFAULT VALUES');

    expect(await differences(SCHOOL, wanted)).toEqual([{ kind: 'add_column', column: 'grade', safe: false }]);

    await test.database.query('DELETE FROM pupil');
    await migrated(SCHOOL, wanted);
  });

  it('gets a required column with a default for the rows that are there', async () => {
    await test.database.query('INSERT INTO pupil DEFAULT VALUES');

    await migrated(SCHOOL, pupil({ name: NAME, on: { type: 'boolean', required: true, default: true } }));

    expect((await test.database.query('SELECT "on" FROM pupil')).rows).toEqual([{ on: true }]);
  });

  it.each<[string, ColumnSketch, string]>([
    ['widened', { type: 'string', length: 21 }, 'widen_type'],
    ['made text', { type: 'text' }, 'widen_type'],
    ['given a default', { type: 'string', length: 20, default: "O'Neil \\" }, 'set_default'],
  ])('is %s', async (_, name, kind) => {
    expect((await migrated(SCHOOL, pupil({ name }))).map((change) => change.kind)).toEqual([kind]);
  });

  it('keeps a type that is wider than the file says', async () => {
    expect(await differences(SCHOOL, pupil({ name: { type: 'string', length: 19 } }))).toEqual([
      { kind: 'wider_type', column: 'name', safe: true },
    ]);
  });

  it('is not changed where values could be lost', async () => {
    const wanted = [SCHOOL, pupil({ name: { type: 'date' } })];

    expect(await differences(...wanted)).toEqual([{ kind: 'change_type', column: 'name', safe: false }]);
    await expect(migrateTables(test.database, wanted)).rejects.toMatchObject({
      code: 'DATABASE_UNSAFE_CHANGE',
      message: expect.stringContaining('pupil.name is character varying(20) and should be date'),
    });
  });

  it('does nothing at all when one of its changes is not safe', async () => {
    const wanted = pupil({ name: { type: 'date' }, grade: { type: 'integer' } });

    await expect(migrateTables(test.database, [SCHOOL, wanted])).rejects.toMatchObject({
      code: 'DATABASE_UNSAFE_CHANGE',
    });

    expect(await differences(SCHOOL, wanted)).toContainEqual({ kind: 'add_column', column: 'grade', safe: true });
  });

  it('makes a column required where every row has a value, and lets it be null again', async () => {
    const required = pupil({ name: { type: 'string', length: 20, required: true } });
    await test.database.query('INSERT INTO pupil (name) VALUES (NULL)');
    expect(await differences(SCHOOL, required)).toEqual([{ kind: 'set_not_null', column: 'name', safe: false }]);

    await test.database.query('DELETE FROM pupil');
    await migrated(SCHOOL, required);
    await migrated(SCHOOL, pupil({ name: NAME }));
  });

  it('becomes unique where no rows share a value', async () => {
    const unique = pupil({ name: { type: 'string', length: 20, unique: true } });
    await test.database.query(`INSERT INTO pupil (name) VALUES ('A'), ('A'), (NULL), (NULL)`);
    expect(await differences(SCHOOL, unique)).toEqual([{ kind: 'add_unique', column: null, safe: false }]);

    await test.database.query('DELETE FROM pupil WHERE id = 1');
    await migrated(SCHOOL, unique);
  });

  it('gets an index', async () => {
    const done = await migrated(SCHOOL, pupil({ name: { type: 'string', length: 20, index: true } }));

    expect(done.map(({ kind }) => kind)).toEqual(['add_index']);
  });

  it('gets a range, changes it, and loses it', async () => {
    await migrated(SCHOOL, graded());
    await test.database.query('INSERT INTO pupil (grade) VALUES (12), (NULL)');

    expect((await migrated(SCHOOL, graded({ min: 0, max: 12 }))).map(({ kind }) => kind)).toEqual(['add_check']);
    expect((await migrated(SCHOOL, graded({ min: -1, max: 12 }))).map(({ kind }) => kind)).toEqual([
      'drop_check',
      'add_check',
    ]);
    expect(await differences(SCHOOL, graded({ min: 0, max: 11 }))).toContainEqual({
      kind: 'add_check',
      column: 'grade',
      safe: false,
    });
    expect((await migrated(SCHOOL, graded())).map(({ kind }) => kind)).toEqual(['drop_check']);
  });

  it('takes more values of an enum', async () => {
    await migrated(SCHOOL, ofKind('a'));
    await test.database.query(`INSERT INTO pupil (kind) VALUES ('a')`);

    await migrated(SCHOOL, ofKind('a', 'b'));

    expect(await differences(SCHOOL, ofKind('b'))).toContainEqual({ kind: 'add_check', column: 'kind', safe: false });
  });

  it('gets a reference where every row has its parent, and another rule for when that goes', async () => {
    await test.database.query(`INSERT INTO pupil (name) VALUES ('lost')`);
    expect(await differences(SCHOOL, referring('restrict'))).toContainEqual({
      kind: 'add_reference',
      column: 'name',
      safe: false,
    });

    await test.database.query(`INSERT INTO school VALUES ('lost')`);
    expect((await migrated(SCHOOL, referring('restrict'))).map(({ kind }) => kind)).toEqual(['add_reference']);
    expect((await migrated(SCHOOL, referring('set_null'))).map(({ kind }) => kind)).toEqual(['change_reference']);
  });

  it('keeps columns and other tables that no file knows', async () => {
    await test.database.query('ALTER TABLE pupil ADD COLUMN own int; CREATE TABLE audit (id int)');

    expect(await differences(SCHOOL, pupil({ name: NAME }))).toEqual([
      { kind: 'extra_column', column: 'own', safe: true },
      { kind: 'extra_table', column: null, safe: true },
    ]);
    await migrated(SCHOOL, pupil({ name: NAME }));
  });

  it('needs a person for another primary key', async () => {
    await test.database.query('ALTER TABLE pupil DROP CONSTRAINT pupil_pkey');

    expect(await differences(SCHOOL, pupil({ name: NAME }))).toEqual([
      { kind: 'change_primary_key', column: 'id', safe: false },
    ]);
  });
});

describe('tables that another program made', () => {
  it('fit by what they are, whatever their constraints are called', async () => {
    await test.database.query(`
      CREATE TABLE school (id varchar(18) PRIMARY KEY, name text);
      CREATE TABLE pupil (id serial PRIMARY KEY, name varchar(20) CONSTRAINT own_name UNIQUE,
        school_id varchar(18) CONSTRAINT own_fk REFERENCES school ON DELETE SET NULL);
      CREATE INDEX own_index ON pupil (school_id, name)`);
    const references = { table: 'school', column: 'id', onDelete: 'set_null' } as const;

    const changes = await differences(
      SCHOOL,
      pupil({
        name: { type: 'string', length: 20, unique: true },
        school_id: { type: 'string', length: 18, index: true, references },
      }),
    );

    expect(changes).toEqual([{ kind: 'wider_type', column: 'name', safe: true }]);
  });
});
