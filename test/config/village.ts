import { loadProject } from '../../src/config/load-project.ts';
import type { ColumnMapping, Mapping, TableMapping } from '../../src/config/mapping.ts';
import type { Problem } from '../../src/config/problem.ts';
import { type Files, projectFolder } from '../support/project-folder.ts';

const TABLES: Files = {
  'mappings/tables/house.yaml': `table: house
columns:
  salesforce_id: { type: string(18), unique: true }
  name: { type: string(80), required: true, unique: true }
  town: { type: string(80) }
`,
  'mappings/tables/house_alias.yaml': `table: house_alias
columns:
  alias: { type: string(80), required: true, unique: true }
  house_id: { type: integer, references: house.id }
`,
  'mappings/tables/person.yaml': `table: person
columns:
  salesforce_id: { type: string(18), unique: true }
  name: { type: string(80), required: true }
  status: { type: enum, values: [current, past], default: current }
  born: { type: date }
  left_on: { type: date }
  age: { type: integer }
  house_id: { type: integer, references: house.id }
  hidden: { type: boolean, owner: local, default: false }
unique: [[name, born]]
`,
  'mappings/tables/keeper.yaml': `table: keeper
extends: person
columns: { keys: { type: integer } }
`,
  'mappings/tables/skill.yaml': `table: skill
columns: { name: { type: string(80), required: true, unique: true }, kind: { type: string(20), required: true } }
`,
  'mappings/tables/person_skill.yaml': `table: person_skill
primary_key: [person_id, skill_id]
columns:
  person_id: { type: integer, references: person.id }
  skill_id: { type: integer, references: skill.id }
  level: { type: integer }
`,
};

const HOUSES = `version: 1
mapping: houses
source: { soql: "SELECT Id, Name, SystemModstamp FROM House__c" }
tables:
  house:
    key: salesforce_id
    columns: { salesforce_id: Id, name: Name }
`;

/** What a test says of the mapping of people; the rest is the least that a mapping needs. */
export interface Sketch {
  /** Lines under `columns` of the person. */
  readonly columns?: string;
  /** Lines of the table of the person, beside `key` and `columns`. */
  readonly person?: string;
  readonly key?: string;
  /** Lines of other tables of the mapping, indented as tables are. */
  readonly tables?: string;
  /** Lines of the mapping itself, as `rules:`. */
  readonly mapping?: string;
  readonly source?: string;
  readonly files?: Files;
}

const PEOPLE = 'mappings/people.yaml';

function lines(text: string | undefined, indent: string): string {
  const written = (text ?? '').split('\n').filter((line) => line !== '');
  return written.map((line) => `${indent}${line}\n`).join('');
}

/** A project of houses and people. */
export function village(sketch: Sketch): Files {
  const source = sketch.source ?? 'source: { object: Person__c }';
  return {
    'sync.config.yaml': 'version: 1\nproject: village\n',
    ...TABLES,
    'mappings/houses.yaml': HOUSES,
    [PEOPLE]: `version: 1
mapping: people
${lines(source, '')}${lines(sketch.mapping, '')}tables:
  person:
    key: ${sketch.key ?? 'salesforce_id'}
${lines(sketch.person, '    ')}    columns:
      salesforce_id: Id
      name: Name
${lines(sketch.columns, '      ')}${lines(sketch.tables, '  ')}`,
    ...sketch.files,
  };
}

export interface Village {
  /** By name; of a project that was refused none. */
  readonly mappings: ReadonlyMap<string, Mapping>;
  readonly problems: readonly Problem[];
}

export async function load(sketch: Sketch): Promise<Village> {
  const { project, problems } = await loadProject({ file: projectFolder(village(sketch)), environment: {} });
  return { mappings: new Map(project?.mappings.map((mapping) => [mapping.name, mapping])), problems };
}

/** @throws Error with what is wrong */
export async function people(sketch: Sketch, name = 'people'): Promise<Mapping> {
  const { mappings, problems } = await load(sketch);
  const mapping = mappings.get(name);
  if (mapping === undefined) throw new Error(JSON.stringify(problems, null, 2));
  return mapping;
}

export function tableOf(mapping: Mapping, name: string): TableMapping {
  const table = mapping.tables.find((candidate) => candidate.table.name === name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return table;
}

export function columnOf({ columns }: { readonly columns: readonly ColumnMapping[] }, name: string): ColumnMapping {
  const column = columns.find((candidate) => candidate.column.name === name);
  if (column === undefined) throw new Error(`no column ${name}`);
  return column;
}

/** The column of the person that `columns` adds. */
export async function personColumn(columns: string, more: Sketch = {}): Promise<ColumnMapping> {
  const mapping = await people({ ...more, columns });
  return columnOf(tableOf(mapping, 'person'), columns.slice(0, columns.indexOf(':')));
}
