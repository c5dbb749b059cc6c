import { loadProject } from '../../src/config/load-project.ts';
import type { Mapping } from '../../src/config/mapping.ts';
import { byName, type Objects } from '../../src/drift/find-field.ts';
import type { SourceField, SourceObject } from '../../src/flow/source-object.ts';
import { projectFolder } from '../support/project-folder.ts';

/** A field as the org describes one; a text of 80 characters unless told. */
export function fieldOf(name: string, more: Partial<SourceField> = {}): SourceField {
  return {
    name,
    label: name.replace(/__c$/, '').replaceAll('_', ' '),
    type: 'string',
    length: more.type === undefined ? 80 : 0,
    nillable: true,
    defaulted: false,
    calculated: false,
    groupable: true,
    referenceTo: [],
    relationshipName: null,
    picklist: [],
    ...more,
  };
}

export function objectOf(name: string, ...fields: readonly SourceField[]): SourceObject {
  return { name, fields: [fieldOf('Id', { type: 'id', length: 18 }), STAMP, ...fields] };
}

const STAMP = fieldOf('SystemModstamp', { type: 'datetime', nillable: false });

export const OWNER = fieldOf('Owner__c', { type: 'reference', referenceTo: ['Person'], relationshipName: 'Owner__r' });

/** Books as they are at first: with a title, a shelf, a state and an owner who has a name. */
export const TITLE = fieldOf('Title__c');
export const SHELF = fieldOf('Shelf__c', { label: 'Shelf' });
export const STATE = fieldOf('State__c', { type: 'picklist', length: 40, picklist: ['In', 'Out'] });

export function library(...fields: readonly SourceField[]): Objects {
  const book = objectOf('Book__c', ...(fields.length === 0 ? [TITLE, SHELF, STATE, OWNER] : fields));
  return byName([book, objectOf('Person', fieldOf('Name'))]);
}

const SOQL = `SELECT Id, Title__c, State__c, Owner__r.Name, SystemModstamp FROM Book__c WHERE Shelf__c != null`;

/** The mapping of books: what it selects and filters by, and a column that maps the state. */
export async function books({ more = '', soql = SOQL, title = 'Title__c' } = {}): Promise<Mapping> {
  const file = projectFolder({
    'sync.config.yaml': 'version: 1\nproject: library\nphases: [all]\n',
    'mappings/books.yaml': `version: 1
mapping: books
source:
  soql: ${soql}
phases: { all: {} }
${more}
tables:
  book:
    key: salesforce_id
    columns:
      salesforce_id: Id
      title: ${title}
      owner: Owner__r.Name
      state: { from: State__c, transform: [trim, lower], map: { in: here, out: lent } }
`,
    'mappings/tables/book.yaml': `table: book
columns:
  salesforce_id: { type: string(18), unique: true }
  title: { type: string(80) }
  owner: { type: string(80) }
  state: { type: enum, values: [here, lent] }
`,
  });
  const { project, problems } = await loadProject({ file, environment: {} });
  const found = project?.mappings.find(({ name }) => name === 'books');
  if (found === undefined) throw new Error(problems.map(({ message }) => message).join('\n'));
  return found;
}
