import { type LoadFunctions, NO_FUNCTIONS } from '../../src/config/functions.ts';
import { loadProject } from '../../src/config/load-project.ts';
import type { Mapping } from '../../src/config/mapping.ts';
import { KEEP, type CellValue, type MappedBatch } from '../../src/flow/mapped-batch.ts';
import { childTables, recordCells } from '../../src/config/cells.ts';
import { type Files, projectFolder } from './project-folder.ts';

/** What a test says of the mapping of readers; the rest is the same for all. */
export interface Sketch {
  /** Columns of `reader`, as YAML; `salesforce_id` is there. */
  readonly reader?: string;
  /** Whole tables, as YAML under `tables`. */
  readonly tables?: string;
  /** Keys of the mapping, as YAML. */
  readonly more?: string;
}

/** A library and its readers: every kind of column, a child table of one row an entry, and a list. */
export async function readers({ reader = '', tables = '', more = '' }: Sketch): Promise<Mapping> {
  const mapping = `version: 1
mapping: readers
source:
  soql: SELECT Id, Name, Nick__c, Born__c, Count__c, Mood__c, Mail__c, Work_Mail__c, Best__c, Books__c, Old_Books__c, Owner__c, Guide__c FROM Reader__c
${more}
tables:
  reader:
    key: salesforce_id
    columns:
      salesforce_id: Id
${indented(reader, 6)}
${indented(tables, 2)}
`;
  const file = projectFolder({ ...PROJECT, 'mappings/readers.yaml': mapping });
  const { project, problems } = await loadProject({ file, environment: {}, loadFunctions: ANY_FUNCTION });
  const found = project?.mappings.find(({ name }) => name === 'readers');
  if (found === undefined)
    throw new Error(problems.map(({ message, line }) => `${String(line)}: ${message}`).join('\n'));
  return found;
}

/** The rows of the first record, as a person would write them: columns by name, `keep` for what stays. */
export function rowsOf(batch: MappedBatch, mapping: Mapping): Record<string, unknown> {
  const [record] = batch.records;
  if (record === undefined) return {};
  const own = recordCells(mapping).map(({ column }, place) => [column.column.name, textOf(record.cells[place])]);
  const children = childTables(mapping).map(({ table, columns }, child) => {
    const rows = (record.children[child] ?? []).map((row) =>
      row === null ? null : Object.fromEntries(columns.map(({ column }, place) => [column.name, textOf(row[place])])),
    );
    return [table.name, rows];
  });
  return Object.fromEntries([...own, ...children]) as Record<string, unknown>;
}

/** Plugins are another matter: whatever is named is taken for a function. */
const ANY_FUNCTION: LoadFunctions = async () =>
  Promise.resolve({ catalogue: NO_FUNCTIONS, complete: false, problems: [] });

function textOf(value: CellValue | undefined): string | null {
  return value === KEEP ? 'keep' : (value ?? null);
}

function indented(text: string, by: number): string {
  return text
    .split('\n')
    .map((line) => ' '.repeat(by) + line)
    .join('\n');
}

const PROJECT: Files = {
  'sync.config.yaml': 'version: 1\nproject: library\nphases: [all]\nplugins: [./town.ts]\n',
  'mappings/books.yaml': `version: 1
mapping: books
source: { soql: "SELECT Id, Name FROM Book__c" }
tables:
  book: { key: salesforce_id, columns: { salesforce_id: Id, name: Name } }
`,
  'mappings/tables/book.yaml': `table: book
columns:
  salesforce_id: { type: string(18), unique: true }
  name: { type: string(80), unique: true }
`,
  'mappings/tables/reader.yaml': `table: reader
columns:
  salesforce_id: { type: string(18), unique: true }
  name: { type: string(40) }
  nick: { type: string(20), required: true, default: "" }
  born: { type: date }
  seen_at: { type: timestamp }
  count: { type: integer }
  mood: { type: enum, values: [glad, sad, calm], default: calm }
  book_id: { type: integer, references: book.id }
`,
  'mappings/tables/mail.yaml': `table: mail
columns:
  reader_id: { type: integer, required: true, references: reader.id, on_delete: cascade }
  address: { type: string(40), required: true }
  kind: { type: string(10) }
  best: { type: boolean, required: true, default: false }
`,
  'mappings/tables/reading.yaml': `table: reading
primary_key: [reader_id, book_id]
columns:
  reader_id: { type: integer, required: true, references: reader.id, on_delete: cascade }
  book_id: { type: integer, required: true, references: book.id, on_delete: cascade }
  note: { type: string(40) }
`,
};
