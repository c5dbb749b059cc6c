import { loadProject } from '../../src/config/load-project.ts';
import type { Project } from '../../src/config/project.ts';
import { type Draft, draftImport } from '../../src/draft/draft-import.ts';
import { draftNames } from '../../src/draft/draft-names.ts';
import type { Wanted } from '../../src/draft/choose-fields.ts';
import type { FieldDescription, ObjectDescription } from '../../src/salesforce/describe.ts';
import { type Files, projectFolder } from '../support/project-folder.ts';

/** A field as an org would describe it; anything that the test does not care about is usual. */
export function field(name: string, type: string, more: Partial<FieldDescription> = {}): FieldDescription {
  return {
    name,
    type,
    label: name.replace(/__c$/, '').replaceAll('_', ' '),
    helpText: null,
    length: type === 'string' || type === 'picklist' ? 255 : 0,
    precision: 0,
    scale: 0,
    nillable: true,
    defaulted: type === 'boolean',
    filterable: true,
    groupable: true,
    createable: true,
    calculated: false,
    unique: false,
    externalId: false,
    html: false,
    compoundFieldName: null,
    referenceTo: [],
    relationshipName: null,
    picklist: [],
    ...more,
  };
}

/** An object with an id, the time of its last change, and these fields. */
export function described(name: string, fields: readonly FieldDescription[]): ObjectDescription {
  const system = [field('Id', 'id', { length: 18, nillable: false }), field('SystemModstamp', 'datetime')];
  return { name, label: name.replace(/__c$/, ''), queryable: true, fields: [...system, ...fields] };
}

/** A draft under the names that it gets by itself. */
export function draftOf(description: ObjectDescription, project: Project, wanted: Wanted = { kind: 'usual' }): Draft {
  const names = draftNames(description.name, { mapping: null, table: null, phase: null }, project);
  return draftImport({ description, wanted, names }, project);
}

/** Lines of one of the files, without those around them. */
export function linesOf({ files }: Draft, path: string, wanted: RegExp): string[] {
  const text = files.find((file) => file.path === path)?.text ?? '';
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => wanted.test(line));
}

/** A project with two tables that hold Accounts, one that holds every class, and one for people of any kind. */
const FILES: Files = {
  'sync.config.yaml': 'version: 1\nproject: town\nphases: [reference, people, activity]\n',
  'mappings/districts.yaml': imported('districts', "Account WHERE Type = 'District'", 'district'),
  'mappings/tables/district.yaml': tableOf('district'),
  'mappings/schools.yaml': imported('schools', "Account WHERE Type = 'School'", 'school'),
  'mappings/tables/school.yaml': tableOf('school'),
  'mappings/classes.yaml': imported('classes', 'Class__c', 'class')
    .replace('Name,', 'Name, School__c,')
    .replace(/$/u, '      school_id: { from: School__c, link: school }\n'),
  'mappings/tables/class.yaml': tableOf('class', '  school_id: { type: integer, references: school.id }\n'),
  'mappings/students.yaml': imported('students', "Contact WHERE Kind__c = 'Student'", 'contact'),
  'mappings/tables/contact.yaml': tableOf('contact'),
};

function imported(mapping: string, from: string, table: string): string {
  return `version: 1
mapping: ${mapping}
source: { soql: "SELECT Id, Name, SystemModstamp FROM ${from}" }
phases:
  reference:
tables:
  ${table}:
    key: salesforce_id
    columns:
      salesforce_id: Id
      name: Name
`;
}

function tableOf(table: string, more = ''): string {
  return `table: ${table}
columns:
  salesforce_id: { type: string(18), unique: true }
  name: { type: string(80), pii: true }
${more}`;
}

/** Path of the small project's config, in a folder that goes with the test file. */
export function smallProject(): string {
  return projectFolder(FILES);
}

export async function loadedProject(file: string): Promise<Project> {
  const { project, problems } = await loadProject({ file, environment: {} });
  if (project === null) throw new Error(problems.map(({ file: name, message }) => `${name}: ${message}`).join('\n'));
  return project;
}
