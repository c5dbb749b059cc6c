import { describe, expect, it } from '@jest/globals';
import { loadProject } from '../../src/config/load-project.ts';
import type { Problem } from '../../src/config/problem.ts';
import type { Table } from '../../src/config/table.ts';
import { projectFolder } from '../support/project-folder.ts';

/** Reads table files, without mappings. */
async function read(
  ...files: readonly string[]
): Promise<{ tables: ReadonlyMap<string, Table>; problems: Pick<Problem, 'rule' | 'message'>[] }> {
  const named = files.map((text): [string, string] => [
    `mappings/tables/${/table: '?([^'\n]+)/.exec(text)?.[1] ?? ''}.yaml`,
    text,
  ]);
  const file = projectFolder({ 'sync.config.yaml': 'version: 1\nproject: p\n', ...Object.fromEntries(named) });
  const { project, problems } = await loadProject({ file, environment: {} });
  return {
    tables: project?.tables ?? new Map(),
    problems: problems.map(({ rule, message }) => ({ rule, message })),
  };
}

function thing(columns: string): string {
  return `table: thing\ncolumns:\n  ${columns}\n`;
}

describe('names of an existing database', () => {
  it.each(['User', 'camelCase', 'two words', 'Größe', '2fa', 'a-b', '$'.padStart(3, 'x'), '_BadgeToUser', '名前'])(
    '%s is a table and a column',
    async (name) => {
      const { tables, problems } = await read(
        `table: '${name}'\nprimary_key: '${name}'\ncolumns:\n  '${name}': { type: integer }\nindexes: [['${name}']]\n`,
        thing(`other: { type: integer, references: '${name}.${name}' }`),
      );

      expect(problems).toEqual([]);
      expect(tables.get(name)?.primaryKey).toEqual([name]);
      expect(tables.get('thing')?.columns.at(-1)?.references).toMatchObject({ table: name, column: name });
    },
  );

  it.each(['a.b', 'a"b', "a''b", 'a/b', ' a', 'a;b', 'a\\b', '-- a', 'x'.repeat(64)])('%s is none', async (name) => {
    const { problems } = await read(thing(`'${name}': { type: integer }`));

    expect(problems.map(({ rule }) => rule)).toEqual(['wrong-value']);
  });

  it('have at most 63 bytes, whatever they have in letters', async () => {
    expect((await read(thing(`${'ö'.repeat(31)}: { type: integer }`))).problems).toEqual([]);
    expect((await read(thing(`${'ö'.repeat(32)}: { type: integer }`))).problems).toEqual([
      { rule: 'wrong-value', message: `"${'ö'.repeat(32)}" has 64 bytes; PostgreSQL holds 63 of a name.` },
    ]);
  });
});

describe('db_type', () => {
  it.each([
    'citext',
    '"Role"',
    'timestamp(6) without time zone',
    'character varying[]',
    '"Role"[]',
    'extensions.citext',
    'geometry(Point,4326)',
    'numeric(2,-3)',
    'interval day to second(3)',
  ])('takes %s', async (type) => {
    const { tables, problems } = await read(thing(`x: { type: text, db_type: '${type}' }`));

    expect(problems).toEqual([]);
    expect(tables.get('thing')?.columns.at(-1)?.type).toEqual({ kind: 'text', dbType: type });
  });

  it.each(['text; DROP TABLE x', 'text) --', 'int DEFAULT (1)', `'a'`, '', 'a"b'])('refuses %s', async (type) => {
    const { problems } = await read(thing(`x: { type: text, db_type: ${JSON.stringify(type)} }`));

    expect(problems.map(({ rule }) => rule)).toEqual(['wrong-value']);
  });
});

describe('a default', () => {
  it('fits the type that the database has', async () => {
    const { problems } = await read(thing('x: { type: integer, db_type: smallint, default: 40000 }'));

    expect(problems).toEqual([{ rule: 'column-type', message: 'The default does not fit the type integer.' }]);
  });
});

describe('what only the database fills', () => {
  it('is a default that it works out', async () => {
    const { tables } = await read(thing('x: { type: uuid, required: true, db_default: gen_random_uuid() }'));

    expect(tables.get('thing')?.columns.at(-1)).toMatchObject({ default: null, dbDefault: 'gen_random_uuid()' });
  });

  it('is not two defaults', async () => {
    const { problems } = await read(thing('x: { type: integer, default: 1, db_default: 1 + 1 }'));

    expect(problems).toEqual([
      { rule: 'column-type', message: 'A column has one default: keep `default` or `db_default`.' },
    ]);
  });

  it.each([
    ['a uuid key', 'id: { type: uuid, generated: true }', 0],
    ['a local column', 'x: { type: text, generated: true, owner: local }', 0],
    ['a column that imports write', 'x: { type: integer, generated: true }', 1],
    ['a text key', 'id: { type: text, generated: true }', 1],
  ])('may be %s or not', async (_, column, count) => {
    const { problems } = await read(thing(column));

    expect(problems.map(({ rule }) => rule)).toEqual(Array.from({ length: count }, () => 'primary-key'));
  });
});

describe('a joined table', () => {
  const BASE = 'table: person\ncolumns:\n  id: { type: bigint, generated: true }\n';

  it('may call the key of its base by another name, and say what becomes of it', async () => {
    const { tables, problems } = await read(
      BASE,
      'table: student\nextends: person\nprimary_key: person_ptr_id\non_delete: restrict\ncolumns: {}\n',
    );

    expect(problems).toEqual([]);
    expect(tables.get('student')).toMatchObject({
      primaryKey: ['person_ptr_id'],
      columns: [
        {
          name: 'person_ptr_id',
          type: { kind: 'bigint' },
          generated: false,
          references: { table: 'person', column: 'id', onDelete: 'restrict' },
        },
      ],
    });
  });

  it.each([
    ['repeats the name of the key', 'primary_key: id\ncolumns: {}'],
    ['has several', 'primary_key: [a, b]\ncolumns: {}'],
    ['writes its key as a column', 'primary_key: a\ncolumns:\n  a: { type: bigint }'],
  ])('is told when it %s', async (_, rest) => {
    const { problems } = await read(BASE, `table: student\nextends: person\n${rest}\n`);

    expect(problems.map(({ rule }) => rule)).toEqual(['primary-key']);
  });

  it('alone has on_delete for the whole table', async () => {
    const { problems } = await read('table: person\non_delete: cascade\ncolumns: {}\n');

    expect(problems.map(({ rule }) => rule)).toEqual(['primary-key']);
  });
});
