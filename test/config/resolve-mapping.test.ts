import { describe, expect, it } from '@jest/globals';
import { loadProject } from '../../src/config/load-project.ts';
import type { ColumnMapping, Mapping } from '../../src/config/mapping.ts';
import { changed, type Files, projectFolder, SOUND } from '../support/project-folder.ts';

const PEOPLE = 'mappings/people.yaml';
const PERSON = 'mappings/tables/person.yaml';
const NAME = '{ from: Name, required: true }';

async function people(files: Files): Promise<Mapping> {
  const { project, problems } = await loadProject({ file: projectFolder(files), environment: {} });
  const mapping = project?.mappings.find(({ name }) => name === 'people');
  if (mapping === undefined) throw new Error(JSON.stringify(problems));
  return mapping;
}

async function nameColumn(written: string): Promise<ColumnMapping | undefined> {
  const mapping = await people(changed(SOUND, PEOPLE, NAME, written));
  return mapping.tables[0]?.columns.find(({ column }) => column.name === 'name');
}

/** People with `object` instead of `soql`. */
function byObject(where: string): Files {
  const text = SOUND[PEOPLE] ?? '';
  const soql = text.slice(text.indexOf('  soql:'), text.indexOf('phases:'));
  return changed(SOUND, PEOPLE, soql, where);
}

describe('a query', () => {
  it('is built from the object and the fields that the mapping uses, with Id and SystemModstamp', async () => {
    const { source } = await people(byObject(''));

    expect(source.soql).toBe('SELECT Id, Name, Mood__c, House__c, Mail__c, SystemModstamp FROM Person__c');
    expect(source.fields).toEqual(['Id', 'Name', 'Mood__c', 'House__c', 'Mail__c', 'SystemModstamp']);
  });

  it('takes the condition of `where`', async () => {
    const { source } = await people(byObject("  where: Age__c > 3 AND Name != 'x'\n"));

    expect(source.soql).toMatch(/ FROM Person__c WHERE Age__c > 3 AND Name != 'x'$/);
  });

  it('has a condition that does not parse told at its place', async () => {
    const files = byObject('  where: Age__c >> 3\n');

    const { problems } = await loadProject({ file: projectFolder(files), environment: {} });

    expect(problems).toMatchObject([{ rule: 'soql-syntax', line: 6, column: 18 }]);
  });

  it('is held against the columns without regard to capitals, as Salesforce does', async () => {
    const { source, tables } = await people(changed(SOUND, PEOPLE, 'from: House__c', 'from: HOUSE__C'));

    const input = tables[0]?.columns.find(({ column }) => column.name === 'house_id')?.input;
    expect(input).toEqual({
      kind: 'fields',
      paths: ['House__c'],
      indexes: [source.fields.indexOf('House__c')],
      join: null,
    });
  });
});

describe('a column', () => {
  it('takes the first field that is not blank, of a list', async () => {
    expect((await nameColumn('{ from: [Mood__c, Name] }'))?.input).toEqual({
      kind: 'fields',
      paths: ['Mood__c', 'Name'],
      indexes: [3, 1],
      join: null,
    });
  });

  it.each([
    ['{ value: Ada }', 'Ada'],
    ['{ value: 7 }', '7'],
    ['{ value: true }', 'true'],
  ])('takes the constant of %s as text', async (written, value) => {
    expect((await nameColumn(written))?.input).toEqual({ kind: 'constant', value });
  });

  it('has the policies of the design when it names none', async () => {
    expect(await nameColumn('Name')).toMatchObject({
      required: false,
      onNull: 'write',
      onUnknown: 'quarantine',
      onInvalid: 'quarantine',
      write: 'always',
      link: null,
      map: null,
      format: null,
      transforms: [],
    });
  });

  it.each(['null', '"null"'])('takes on_invalid: %s, with or without quotes', async (written) => {
    expect((await nameColumn(`{ from: Name, on_invalid: ${written} }`))?.onInvalid).toBe('null');
  });

  it('keeps the arguments of its transforms', async () => {
    expect((await nameColumn('{ from: Name, transform: [trim, { truncate: { length: 5 } }] }'))?.transforms).toEqual([
      { name: 'trim', args: {} },
      { name: 'truncate', args: { length: 5 } },
    ]);
  });

  it('takes a map that is written in place', async () => {
    expect((await nameColumn('{ from: Name, map: { A: 1, constructor: c } }'))?.map).toEqual({
      name: 'person.name',
      values: { A: '1', constructor: 'c' },
      ignoreCase: false,
    });
  });

  it('knows its place', async () => {
    expect((await nameColumn('Name'))?.position).toEqual({ file: PEOPLE, line: 18, column: 13 });
  });
});

describe('a link', () => {
  it('is compared with the key of the mapping that fills the parent, and writes what the column refers to', async () => {
    const mapping = await people(SOUND);

    expect(mapping.tables[0]?.columns.find(({ column }) => column.name === 'house_id')?.link).toEqual({
      lookups: [
        {
          table: 'house',
          by: 'salesforce_id',
          byTable: 'house',
          value: 'id',
          valueTable: 'house',
          unique: true,
          ignoreCase: false,
          aliases: null,
          mappings: ['houses'],
        },
      ],
      candidates: false,
      onMissing: 'wait',
      create: null,
      phase: 'moving-in',
    });
  });

  it('belongs to the reading phase when no later one is named', async () => {
    const mapping = await people(
      changed(SOUND, PEOPLE, '  moving-in: { links: [person.house_id], after: [houses] }\n', ''),
    );

    expect(mapping.tables[0]?.columns.find(({ link }) => link !== null)?.link?.phase).toBeNull();
    expect(mapping.phases.map(({ links }) => links)).toEqual([[]]);
  });
});

describe('a child table', () => {
  it('takes selected fields as fields and other texts as constants', async () => {
    const mailbox = (await people(SOUND)).tables[1];

    expect(mailbox?.columns.map(({ column }) => column.name)).toEqual(['address', 'kind', 'main']);
    expect(mailbox?.each.map(({ columns }) => columns.map(({ input }) => input))).toEqual([
      [
        { kind: 'fields', paths: ['Mail__c'], indexes: [4], join: null },
        { kind: 'constant', value: 'home' },
        { kind: 'constant', value: 'true' },
      ],
    ]);
  });

  it('always has the parent in its key', async () => {
    const mapping = await people(changed(SOUND, PEOPLE, 'key: [person_id, kind]', 'key: kind'));

    expect(mapping.tables[1]?.key).toEqual(['person_id', 'kind']);
  });

  it('may be one row a record, with no `each`', async () => {
    const files = changed(SOUND, PEOPLE, '    each: [{ address: Mail__c, kind: home, main: true }]\n', '');
    const written = 'address: { from: Mail__c }\n      kind: { value: home }\n      main: { value: true }';
    const mapping = await people(
      changed(files, PEOPLE, 'address: { transform: [trim, lower], format: email }', written),
    );

    expect(mapping.tables[1]).toMatchObject({ role: 'child', each: [{ columns: { length: 3 } }] });
  });

  it('may tell a constant from a field by { value }', async () => {
    const files = changed(SOUND, PEOPLE, 'address: Mail__c', 'address: { value: Mail__c }');

    expect((await people(files)).tables[1]?.each[0]?.columns[0]?.input).toEqual({ kind: 'constant', value: 'Mail__c' });
  });
});

describe('tables', () => {
  const ADULT: Files = {
    ...changed(SOUND, PEOPLE, '  mailbox:', '  adult:\n    columns:\n      job: Mood__c\n  mailbox:'),
    'mappings/tables/adult.yaml': 'table: adult\nextends: person\ncolumns: { job: { type: text } }\n',
  };

  it('come as root, extensions, children, whatever their order in the file', async () => {
    const text = ADULT[PEOPLE] ?? '';
    const mailbox = text.slice(text.indexOf('  mailbox:'));
    const moved = text.replace(mailbox, '').replace('tables:\n', () => `tables:\n${mailbox}`);

    const { tables } = await people({ ...ADULT, [PEOPLE]: moved });

    expect(tables.map(({ table, role }) => `${table.name} ${role}`)).toEqual([
      'person root',
      'adult extension',
      'mailbox child',
    ]);
  });

  it('share the primary key with the table that they extend', async () => {
    const adult = (await people(ADULT)).tables[1];

    expect(adult?.key).toEqual(['id']);
    expect(adult?.table.columns[0]).toMatchObject({
      name: 'id',
      generated: false,
      required: true,
      references: { table: 'person', column: 'id', onDelete: 'cascade' },
    });
  });

  it('get a numbered id where they name no primary key', async () => {
    const person = (await people(SOUND)).tables[0]?.table;

    expect(person?.primaryKey).toEqual(['id']);
    expect(person?.columns[0]).toMatchObject({
      name: 'id',
      type: { kind: 'integer' },
      generated: true,
      required: true,
    });
  });

  it('know their unique sets, single columns among them, and their indexes', async () => {
    const files = changed(
      SOUND,
      PERSON,
      'table: person',
      'table: person\nunique: [[name, born]]\nindexes: [[mood, born]]',
    );
    const person = (await people(files)).tables[0]?.table;

    expect(person?.unique).toEqual([['salesforce_id'], ['name', 'born']]);
    expect(person?.indexes).toEqual([['mood', 'born']]);
  });
});

describe('phases', () => {
  it('have their own sizes, or those of the project', async () => {
    const { phases } = await people(SOUND);

    expect(phases).toEqual([
      { phase: 'people', batchSize: 300, commitSize: 50, links: [], after: [] },
      { phase: 'moving-in', batchSize: 5000, commitSize: 5000, links: ['person.house_id'], after: ['houses'] },
    ]);
  });

  it('never commit more than they read together, unless told to', async () => {
    const { phases } = await people(changed(SOUND, PEOPLE, 'batch_size: 300, commit_size: 50', 'batch_size: 300'));

    expect(phases[0]).toMatchObject({ batchSize: 300, commitSize: 300 });
  });

  it('need not be named in a project that has only one', async () => {
    const one = changed(SOUND, 'sync.config.yaml', 'phases: [places, people, moving-in]\n', '');
    const files = changed(one, 'mappings/houses.yaml', 'phases:\n  places:\n', '');
    const text = files[PEOPLE] ?? '';
    const phases = text.slice(text.indexOf('phases:'), text.indexOf('tables:'));

    const mapping = await people(changed(files, PEOPLE, phases, ''));

    expect(mapping.phases.map(({ phase }) => phase)).toEqual(['main']);
  });
});
