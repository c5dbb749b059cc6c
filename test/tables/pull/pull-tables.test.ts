import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { madeBy, pull } from '../../support/existing-database.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase('app');
});

afterAll(() => test.drop());

/** The one column `x` of a table, as its file has it, and what is told of it. */
async function columnOf(definition: string, before = ''): Promise<{ line: string; told: string[] }> {
  await test.database.query(`DROP SCHEMA IF EXISTS app CASCADE; CREATE SCHEMA app; ${before};
    CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ${definition})`);
  const { files, warnings } = await pull(test.database);
  const text = files.find(({ table }) => table === 't')?.text ?? '';
  const lines = text.split('\n').filter((line) => line.startsWith('  ') && !line.startsWith('  id:'));
  return { line: lines.join('\n').trim(), told: warnings.map(({ code }) => code) };
}

describe('a type', () => {
  it.each([
    ['varchar(80)', '{ type: string(80) }'],
    ['varchar', '{ type: text }'],
    ['text', '{ type: text }'],
    ['char(2)', '{ type: string(2), db_type: character(2) }'],
    ['bpchar', '{ type: text, db_type: bpchar }'],
    ['citext', '{ type: text, db_type: citext }'],
    ['smallint', '{ type: integer, db_type: smallint }'],
    ['integer', '{ type: integer }'],
    ['bigint', '{ type: bigint }'],
    ['numeric', '{ type: numeric }'],
    ['numeric(12,2)', `{ type: 'numeric(12,2)' }`],
    ['numeric(5)', `{ type: 'numeric(5,0)' }`],
    ['numeric(2,4)', `{ type: numeric, db_type: 'numeric(2,4)' }`],
    ['real', '{ type: float, db_type: real }'],
    ['double precision', '{ type: float }'],
    ['boolean', '{ type: boolean }'],
    ['date', '{ type: date }'],
    ['timestamptz', '{ type: timestamp }'],
    ['timestamptz(3)', '{ type: timestamp, db_type: timestamp(3) with time zone }'],
    ['timestamp', '{ type: timestamp, db_type: timestamp without time zone }'],
    ['timestamp(6)', '{ type: timestamp, db_type: timestamp(6) without time zone }'],
    ['jsonb', '{ type: json }'],
    ['uuid', '{ type: uuid }'],
    ['mood', `{ type: enum, values: [glad, 'it''s "so"', 'yes'], db_type: mood }`],
    ['"Mood"', `{ type: enum, values: [A], db_type: '"Mood"' }`],
    ['code', '{ type: string(5), db_type: code }'],
    ['points', '{ type: integer, db_type: points, required: true, default: 3 }'],
  ])('%s is %s', async (type, line) => {
    const before = `CREATE EXTENSION IF NOT EXISTS citext SCHEMA public; CREATE TYPE mood AS ENUM ('glad', 'it''s "so"', 'yes');
      CREATE TYPE "Mood" AS ENUM ('A'); CREATE DOMAIN code AS varchar(5) CHECK (VALUE <> '');
      CREATE DOMAIN points AS int DEFAULT 3 NOT NULL`;

    expect(await columnOf(`x ${type}`, before)).toEqual({ line: `x: ${line}`, told: [] });
  });

  it.each([
    ['time', 'time without time zone'],
    ['interval', 'interval'],
    ['inet', 'inet'],
    ['bytea', 'bytea'],
    ['money', 'money'],
    ['text[]', `'text[]'`],
    ['int4range', 'int4range'],
    ['xml', 'xml'],
    ['bit(3)', 'bit(3)'],
    ['tsvector', 'tsvector'],
    ['point', 'point'],
  ])('%s is known and not written, and that is told', async (type, dbType) => {
    const { line, told } = await columnOf(`x ${type}`);

    expect(line).toContain(`x: { type: text, db_type: ${dbType}, owner: local }`);
    expect(told).toEqual(['not_written']);
  });

  it('json is not written either, because it cannot be compared', async () => {
    const { line, told } = await columnOf('x json');

    expect(line).toBe('x: { type: json, owner: local } # json in the database, which Sluice does not write');
    expect(told).toEqual(['not_written']);
  });
});

describe('what is said of a column', () => {
  it.each([
    ['x int NOT NULL', '{ type: integer, required: true }'],
    ['x int UNIQUE', '{ type: integer, unique: true }'],
    ['x int DEFAULT 0', '{ type: integer, default: 0 }'],
    ['x numeric(4,2) DEFAULT 0.10', `{ type: 'numeric(4,2)', default: '0.10' }`],
    ['x boolean DEFAULT true NOT NULL', '{ type: boolean, required: true, default: true }'],
    [`x varchar(9) DEFAULT ''`, `{ type: string(9), default: '' }`],
    [`x text DEFAULT 'a: b # c'`, `{ type: text, default: 'a: b # c' }`],
    [`x text DEFAULT E'two\\nlines'`, `{ type: text, default: "two\\nlines" }`],
    ['x timestamptz DEFAULT now()', '{ type: timestamp, default: now }'],
    ['x date DEFAULT CURRENT_DATE', '{ type: date, default: now }'],
    ['x uuid NOT NULL DEFAULT gen_random_uuid()', '{ type: uuid, required: true, db_default: gen_random_uuid() }'],
    [`x text DEFAULT lower('A')`, `{ type: text, db_default: "lower('A'::text)" }`],
    ['x int CHECK (x BETWEEN 0 AND 12)', '{ type: integer, check: between 0 and 12 }'],
    ['x int CHECK (x > 0) DEFAULT 5', `{ type: integer, default: 5, check: '> 0' }`],
    [`x varchar(9) CHECK (x IN ('a', 'b')) DEFAULT 'a'`, '{ type: enum, values: [a, b], default: a }'],
    [`x char(1) CHECK (x IN ('M', 'F'))`, '{ type: enum, values: [M, F], db_type: character(1) }'],
  ])('%s', async (definition, line) => {
    expect(await columnOf(definition)).toEqual({ line: `x: ${line}`, told: [] });
  });

  it('is its comment, in one line', async () => {
    const { line } = await columnOf(`x int); COMMENT ON COLUMN t.x IS 'How many:
      by hand'; CREATE TABLE other (id int PRIMARY KEY`);

    expect(line).toBe(`x: { type: integer, description: 'How many: by hand' }`);
  });

  it('is that the database numbers or computes it', async () => {
    expect((await columnOf('x int GENERATED BY DEFAULT AS IDENTITY')).line).toBe(
      'x: { type: integer, generated: true, required: true, owner: local } # numbered by the database',
    );
    expect((await columnOf('a int, x int GENERATED ALWAYS AS (a + 1) STORED')).line).toContain(
      'x: { type: integer, generated: true, owner: local } # computed by the database',
    );
  });

  it('is that the engine writes the times that the app would write', async () => {
    const { line } = await columnOf('created_at timestamptz NOT NULL, "updatedAt" timestamptz NOT NULL DEFAULT now()');

    expect(line.split('\n').map((one) => one.trim())).toEqual([
      'created_at: { type: timestamp, required: true, touch: insert } # written by Sluice, by its name',
      'updatedAt: { type: timestamp, required: true, default: now, touch: change } # written by Sluice, by its name',
    ]);
  });

  it('is that its name looks personal', async () => {
    const names = ['first_name', 'lastName', 'E-Mail', 'phone', 'birth_date', 'home_address', 'ssn', 'student_id'];
    const { line } = await columnOf(names.map((name) => `"${name}" text`).join(', '));

    const marked = line.split('\n').filter((one) => one.includes('pii: true } # personal by its name'));
    expect(marked).toHaveLength(names.length);
  });

  it('is not that a mark or a time about an address were personal', async () => {
    const { line } = await columnOf('email_opt_out boolean, email_bounced_at timestamptz, school_name text, city text');

    expect(line).not.toContain('pii');
  });
});

describe('what no file can say is told', () => {
  it.each<[string, string, string, string | null]>([
    ['a check over two columns', 'a int, b int, CHECK (a < b)', 'check_not_said', null],
    ['a check by a function', 'x text CHECK (char_length(x) < 9)', 'check_not_said', null],
    [
      'a partial unique index',
      'x int); CREATE UNIQUE INDEX u ON t (x) WHERE x > 0; CREATE TABLE z (id int PRIMARY KEY',
      'unique_not_said',
      null,
    ],
    [
      'an index over an expression',
      'x text); CREATE INDEX i ON t (lower(x)); CREATE TABLE z (id int PRIMARY KEY',
      'index_not_said',
      null,
    ],
    ['a unique constraint that waits', 'x int UNIQUE DEFERRABLE', 'unique_not_said', null],
    ['an exclusion', 'x int4range, EXCLUDE USING gist (x WITH &&)', 'unique_not_said', 'x'],
    [
      'row level security',
      'x int); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE TABLE z (id int PRIMARY KEY',
      'row_security',
      null,
    ],
    ['a name with a dot', '"a.b" int', 'name_not_possible', 'a.b'],
    ['a name with a quote', `"a""b" int`, 'name_not_possible', 'a"b'],
  ])('%s', async (_, definition, code, column) => {
    await columnOf(definition);
    const { warnings } = await pull(test.database);

    expect(warnings).toContainEqual(expect.objectContaining({ table: 't', code, column }));
    for (const { next } of warnings) expect(next).not.toBe('');
  });

  it.each([
    ['over several columns', 'x int, y int, FOREIGN KEY (x, y) REFERENCES p (a, b)'],
    ['to another schema', 'x int REFERENCES public.outside (id)'],
    ['to a table without a key', 'x int REFERENCES loose (id)'],
    ['that nulls a required column', 'x int NOT NULL REFERENCES p (a) ON DELETE SET NULL'],
  ])('a foreign key %s', async (_, definition) => {
    await test.database.query('CREATE TABLE IF NOT EXISTS public.outside (id int PRIMARY KEY)');
    const before = `CREATE TABLE p (a int UNIQUE, b int, PRIMARY KEY (a, b)); CREATE TABLE loose (id int UNIQUE)`;

    const { line, told } = await columnOf(definition, before);

    expect(line).not.toContain('references');
    expect(told).toContain('reference_not_said');
  });

  it('a table without a primary key has no file', async () => {
    await columnOf('x int', 'CREATE TABLE loose (id int)');
    const { files, warnings } = await pull(test.database);

    expect(files.map(({ table }) => table)).toEqual(['t']);
    expect(warnings).toMatchObject([{ table: 'loose', code: 'no_primary_key' }]);
  });

  it('partitions, tables of extensions and journals of migrations are left out, unless they are named', async () => {
    await columnOf(
      'x int',
      `CREATE TABLE alembic_version (id text PRIMARY KEY);
      CREATE TABLE logs (id int PRIMARY KEY) PARTITION BY RANGE (id);
      CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM (1) TO (9)`,
    );

    expect((await pull(test.database)).files.map(({ table }) => table)).toEqual(['logs', 't']);
    expect((await pull(test.database, { tables: ['alembic_version'] })).files).toHaveLength(1);
  });
});

describe('keys and references', () => {
  it.each([
    ['of one column with another name', 'code serial PRIMARY KEY', 'primary_key: code'],
    ['of several columns', 'a int, b int, PRIMARY KEY (b, a)', 'primary_key: [b, a]'],
    [
      'that the database draws at random',
      'id uuid PRIMARY KEY DEFAULT gen_random_uuid()',
      '{ type: uuid, generated: true }',
    ],
    ['that a sequence numbers', 'id bigserial PRIMARY KEY', '{ type: bigint, generated: true }'],
    [
      'that a function gives',
      `id text PRIMARY KEY DEFAULT md5('x')`,
      `id: { type: text, db_default: "md5('x'::text)" }`,
    ],
  ])('a primary key %s', async (_, definition, said) => {
    await test.database.query(`DROP SCHEMA app CASCADE; CREATE SCHEMA app; CREATE TABLE k (${definition})`);

    const { files, warnings } = await pull(test.database);

    expect(files[0]?.text).toContain(said);
    expect(warnings).toEqual([]);
  });

  it('a primary key that refers to another is a joined table, whatever it is called there', async () => {
    await columnOf('x int', '').then(() =>
      test.database.query(`CREATE TABLE j (t_ptr int PRIMARY KEY REFERENCES t (id), z int);
        CREATE TABLE k (id int PRIMARY KEY REFERENCES t (id) ON DELETE CASCADE)`),
    );

    const texts = new Map(
      (await pull(test.database)).files.map(({ table, text }) => [table, text.split('\n').slice(1, -1)]),
    );

    expect(texts.get('j')).toEqual([
      'table: j',
      'extends: t',
      'on_delete: restrict',
      'primary_key: t_ptr',
      'columns:',
      '  z: { type: integer }',
    ]);
    expect(texts.get('k')).toEqual(['table: k', 'extends: t', 'columns: {}']);
  });

  it('tables that continue each other in a circle are not joined', async () => {
    await test.database.query(`DROP SCHEMA app CASCADE; CREATE SCHEMA app;
      CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY REFERENCES a);
      ALTER TABLE a ADD FOREIGN KEY (id) REFERENCES b`);

    const { files } = await pull(test.database);

    expect(files.map(({ text }) => text).join('')).not.toContain('extends');
  });

  it('a table that is not pulled is only referred to when it has a file', async () => {
    await columnOf('x int REFERENCES p (id)', 'CREATE TABLE p (id int PRIMARY KEY)');

    const alone = await pull(test.database, { tables: ['t'] });

    expect(alone.files.map(({ table }) => table)).toEqual(['t']);
    expect(alone.files[0]?.text).not.toContain('references');
    expect(alone.warnings).toMatchObject([{ code: 'reference_not_said', next: expect.stringContaining('db pull p') }]);
    const content = { table: 'p', columns: {}, version: 1, unique: [], indexes: [] } as const;
    const files = new Map([['p.yaml', { content: { ...content, columns: {}, unique: [], indexes: [] } }]]);
    const beside = await pull(test.database, { tables: ['t'], files });
    expect(beside.files[0]?.text).toContain('references: p.id');
  });
});

describe('names', () => {
  it('may have capitals, spaces and letters of any script', async () => {
    await test.database.query(`DROP SCHEMA app CASCADE; CREATE SCHEMA app;
      CREATE TABLE "User Account" ("Id" int PRIMARY KEY, "Größe in cm" int, "select" int, "$weight" int)`);

    const { files, warnings } = await pull(test.database);

    expect(files[0]?.file).toBe('User Account.yaml');
    expect(files[0]?.text.split('\n').slice(1)).toEqual([
      'table: User Account',
      'primary_key: Id',
      'columns:',
      '  Id: { type: integer }',
      '  Größe in cm: { type: integer }',
      '  select: { type: integer }',
      '',
    ]);
    expect(warnings.map(({ code }) => code)).toEqual(['key_by_app', 'name_not_possible']);
  });

  it('that do not exist are told with the nearest one', async () => {
    await columnOf('x int');

    await expect(pull(test.database, { tables: ['tt'] })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      actions: [expect.stringContaining('"t"')],
    });
    await expect(pull(test.database, { schema: 'nowhere' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

it('the state of Sluice beside the tables is none of the app', async () => {
  await test.database.query(`DROP SCHEMA app CASCADE; CREATE SCHEMA app; CREATE SCHEMA IF NOT EXISTS sluice;
    CREATE TABLE IF NOT EXISTS sluice.run (id int PRIMARY KEY); ${madeBy('alembic')}`);

  const { files } = await pull(test.database);

  expect(files.map(({ table }) => table)).toEqual([
    'absence',
    'attendance',
    'contact',
    'district',
    'school',
    'student',
  ]);
});
