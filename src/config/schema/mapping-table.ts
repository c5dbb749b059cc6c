import type { FromSchema } from 'json-schema-to-ts';
import { COLUMN_MAPPING, ENTRY_PARTS } from './column-mapping.ts';
import { COLUMN_NAMES, COLUMN_OF_TABLE, COLUMN_VALUES, EXPRESSION, NAME, NAMES } from './words.ts';

const EACH_VALUE = {
  type: ['string', 'number', 'boolean', 'null', 'object'],
  title: 'a Salesforce field, a constant, or a column like { from: ..., split: [";"] }',
  description: 'What the entry gives for the column; what it leaves unsaid is as in `columns`.',
  $comment: 'tables.*.columns.*',
  additionalProperties: false,
  required: [],
  minProperties: 1,
  properties: ENTRY_PARTS,
} as const;

const PREFERENCE = {
  type: 'object',
  title: 'a column with values, highest or lowest, like { column: start_date, highest: true }',
  additionalProperties: false,
  required: ['column'],
  properties: {
    column: { ...NAME, description: 'A column that the mapping fills.' },
    values: {
      type: 'array',
      title: 'a list of values, the best first',
      description: 'The earlier is the better; others come last.',
      minItems: 1,
      uniqueItems: true,
      items: { type: ['string', 'number', 'boolean'], title: 'text, a number, true or false' },
    },
    highest: { const: true, title: 'true', description: 'The highest is the best.' },
    lowest: { const: true, title: 'true', description: 'The lowest is the best.' },
  },
} as const;

/** What may be said of a table of a mapping; a source of several says only what differs. */
const PARTS = {
  key: {
    type: ['string', 'array'],
    title: 'a column, or a list of columns',
    description: 'The columns by which an existing row is found; they may be links.',
    pattern: NAME.pattern,
    minItems: 1,
    uniqueItems: true,
    items: NAME,
  },
  match: {
    type: 'array',
    title: 'a list of lists of columns, like [[event_id, student_id]]',
    description: 'Further keys, tried in order where `key` finds no row: the row that is found is taken over.',
    minItems: 1,
    items: COLUMN_NAMES,
  },
  adopt: {
    type: 'object',
    title: 'by and where, like { by: name, where: not_salesforce_id }',
    description:
      "Where the primary key is the Salesforce id: a row that was made here becomes the record's, and takes its id.",
    additionalProperties: false,
    required: ['by', 'where'],
    properties: {
      by: { ...NAME, description: 'The column by which the local row is found.' },
      ignore_case: { type: 'boolean', title: 'true or false', description: 'Compare it without regard to case.' },
      where: {
        title: 'not_salesforce_id',
        description: 'Which rows: those whose primary key is no Salesforce id.',
        enum: ['not_salesforce_id'],
      },
      move: {
        type: 'array',
        title: 'a list of table.column',
        description: 'References to move that no table file declares; declared ones are moved anyway.',
        uniqueItems: true,
        items: COLUMN_OF_TABLE,
      },
    },
  },
  unmatched: {
    title: 'insert, skip or quarantine',
    description: 'A record that has no row here: `insert` unless said.',
    enum: ['insert', 'skip', 'quarantine'],
  },
  leave: { ...COLUMN_VALUES, description: 'Rows that hold these values are never touched.' },
  prefer: {
    type: 'array',
    title: 'a list like [{ column: status, values: [Current, Past] }]',
    description: 'Where several records meet in one row: which one is shown. The first that differs decides.',
    minItems: 1,
    items: PREFERENCE,
  },
  columns: {
    type: 'object',
    title: 'a map from columns to Salesforce fields',
    description: 'Target column on the left, Salesforce on the right.',
    propertyNames: NAMES,
    additionalProperties: COLUMN_MAPPING,
  },
  each: {
    type: 'array',
    title: 'a list of rows, like [{ email: Email, type: personal }]',
    description: 'A child table: one row for each entry, so that fields become rows.',
    minItems: 1,
    items: {
      type: 'object',
      title: 'a row: columns to Salesforce fields or constants',
      minProperties: 1,
      propertyNames: NAMES,
      additionalProperties: EACH_VALUE,
    },
  },
  parent: { ...NAME, description: 'The table whose row owns the child rows.' },
  set: {
    title: 'add_only or replace',
    description: 'replace: rows of this parent that the record no longer names are deleted. `add_only` unless said.',
    enum: ['add_only', 'replace'],
  },
  when_empty: {
    title: 'keep or clear',
    description: 'With `set: replace`, when the record names no row at all; `keep` unless said.',
    enum: ['keep', 'clear'],
  },
  skip_when: { ...EXPRESSION, description: 'A child row for which this is true is left out.' },
  skip_when_blank: { ...NAME, description: 'No row when this column is blank.' },
  one_primary: { ...NAME, description: 'A boolean column that is true in at most one row of a parent.' },
} as const;

export const TABLE = {
  type: 'object',
  title: 'a target table with its columns',
  additionalProperties: false,
  required: ['columns'],
  properties: PARTS,
} as const;

/** What one of several sources says of a table. */
export const SOURCE_TABLE = {
  type: 'object',
  title: 'what this source does otherwise with a table',
  $comment: 'tables.*',
  additionalProperties: false,
  required: [],
  properties: PARTS,
} as const;

export type MappingFileTable = FromSchema<typeof TABLE>;
export type MappingFileEachValue = FromSchema<typeof EACH_VALUE>;
export type MappingFilePreference = FromSchema<typeof PREFERENCE>;
