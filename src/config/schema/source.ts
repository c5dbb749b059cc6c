import type { FromSchema } from 'json-schema-to-ts';
import { SOURCE_FIELD } from './column-mapping.ts';
import { SOURCE_KEEPING_UP_PARTS } from './keeping-up.ts';
import { SOURCE_TABLE } from './mapping-table.ts';
import { CALL, DASHED_NAME, DASHED_NAMES, EXPRESSION, FIELD, NAMES } from './words.ts';

const OBJECT = {
  type: 'string',
  title: 'the API name of an object, like Contact or Class__c',
  pattern: '^[A-Za-z][A-Za-z0-9_]*$',
} as const;

const SOURCE_PARTS = {
  object: { ...OBJECT, description: 'The Salesforce object.' },
  soql: { type: 'string', title: 'a SOQL query', description: 'The query, without window, order and paging.' },
  where: {
    type: 'string',
    title: 'a SOQL condition',
    description: 'Instead of `soql`: the condition; the fields are those that the mapping uses.',
  },
  api: {
    title: 'auto, rest or bulk',
    description: 'auto asks COUNT() and decides.',
    enum: ['auto', 'rest', 'bulk'],
    default: 'auto',
  },
  file: {
    type: 'string',
    title: 'a path within the project, like data/levels.csv',
    description: 'Instead of the org: a CSV file with a header line, in UTF-8.',
    pattern: '^[^/\\\\]',
  },
  id: {
    type: ['string', 'array'],
    title: 'a header, or a list of headers',
    description: 'With `file`: the columns of the file that tell its records apart.',
    pattern: SOURCE_FIELD.pattern,
    minItems: 1,
    uniqueItems: true,
    items: SOURCE_FIELD,
  },
  delimiter: {
    type: 'string',
    title: 'one character, like ";"',
    description: 'With `file`: what stands between values; a comma unless said.',
    minLength: 1,
    maxLength: 1,
  },
  optional: {
    type: 'boolean',
    title: 'true or false',
    description: 'With `file`: without the file, the step does nothing, with a warning.',
  },
} as const;

export const SOURCE = {
  type: 'object',
  title: 'object and soql, object and where, or a file',
  description: 'What is read.',
  additionalProperties: false,
  required: [],
  properties: SOURCE_PARTS,
} as const;

const SKIP_RULE = {
  type: 'object',
  title: 'a rule with name and when',
  additionalProperties: false,
  required: ['name', 'when'],
  properties: {
    name: { ...DASHED_NAME, description: 'The reason under which left-out records are counted.' },
    when: { ...EXPRESSION, description: 'A record for which this is true is left out, before anything is judged.' },
  },
} as const;

const RULE = {
  type: 'object',
  title: 'a rule with name and check',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { ...DASHED_NAME, description: 'The name that reports and quarantine show.' },
    when: { ...EXPRESSION, description: 'The rule holds only where this is true.' },
    check: { ...EXPRESSION, description: 'What must be true.' },
    use: {
      ...CALL,
      title: 'a plugin function, or { plugin.function: { argument: value } }',
      description: 'Instead of `check`: a check of a plugin that judges the record.',
    },
    severity: {
      title: 'error or warn',
      description: 'error: quarantine. warn: load and report.',
      enum: ['error', 'warn'],
      default: 'error',
    },
  },
} as const;

const LOOKUP = {
  type: 'object',
  title: 'object, by and value, like { object: Case, by: Id, value: ContactId }',
  additionalProperties: false,
  required: ['object', 'by', 'value'],
  properties: {
    object: { ...OBJECT, description: 'The Salesforce object to ask.' },
    by: { ...FIELD, description: 'Its field that is compared with the value of the record.' },
    value: { ...FIELD, description: 'Its field whose value is taken.' },
    where: { type: 'string', title: 'a SOQL condition', description: 'What else must hold.' },
  },
} as const;

/** What decides about records, of the mapping as a whole or of one source. */
export const RECORD_PARTS = {
  skip_when: {
    type: 'array',
    title: 'a list of rules like [{ name: lead, when: "..." }]',
    description: 'Records that are left out, and counted by the name of the rule.',
    items: SKIP_RULE,
  },
  rules: {
    type: 'array',
    title: 'a list of rules',
    description: 'Checks over a record and its columns.',
    items: RULE,
  },
  lookups: {
    type: 'object',
    title: 'a map from names to side queries',
    description: 'Values that are asked from the org, in lists of 200, while a batch is read.',
    propertyNames: DASHED_NAMES,
    additionalProperties: LOOKUP,
  },
} as const;

/** One of several sources of a mapping, with what it does otherwise. */
export const NAMED_SOURCE = {
  type: 'object',
  title: 'a source, with the tables that differ',
  additionalProperties: false,
  required: [],
  properties: {
    ...SOURCE_PARTS,
    tables: {
      type: 'object',
      title: 'a map from tables to what differs',
      description: 'Laid over the shared `tables`, setting by setting and column by column.',
      propertyNames: NAMES,
      additionalProperties: SOURCE_TABLE,
    },
    skip_when: { ...RECORD_PARTS.skip_when, $comment: 'skip_when', description: 'Beside the shared ones.' },
    rules: { ...RECORD_PARTS.rules, $comment: 'rules', description: 'Beside the shared ones.' },
    lookups: { ...RECORD_PARTS.lookups, $comment: 'lookups', description: 'Beside the shared ones.' },
    ...SOURCE_KEEPING_UP_PARTS,
  },
} as const;

export type MappingFileSource = FromSchema<typeof SOURCE>;
export type MappingFileNamedSource = FromSchema<typeof NAMED_SOURCE>;
export type MappingFileRule = FromSchema<typeof RULE>;
export type MappingFileSkipRule = FromSchema<typeof SKIP_RULE>;
export type MappingFileLookup = FromSchema<typeof LOOKUP>;
