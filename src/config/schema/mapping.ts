import type { FromSchema } from 'json-schema-to-ts';
import { COLUMN_MAPPING, FROM } from './column-mapping.ts';
import { BATCH_SIZE, COLUMN_OF_TABLE, CONSTANT, DASHED_NAME, DASHED_NAMES, DESCRIPTION, NAME, NAMES } from './words.ts';

const EACH_VALUE = {
  type: ['string', 'number', 'boolean', 'null', 'object'],
  title: 'a Salesforce field, a constant, { from: ... } or { value: ... }',
  additionalProperties: false,
  required: [],
  minProperties: 1,
  maxProperties: 1,
  properties: { from: FROM, value: { ...CONSTANT, description: 'A constant.' } },
} as const;

const TABLE = {
  type: 'object',
  title: 'a target table with its columns',
  additionalProperties: false,
  required: ['columns'],
  properties: {
    key: {
      type: ['string', 'array'],
      title: 'a column, or a list of columns',
      description: 'The columns by which an existing row is found.',
      pattern: NAME.pattern,
      minItems: 1,
      uniqueItems: true,
      items: NAME,
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
    skip_when_blank: { ...NAME, description: 'No row when this column is blank.' },
    one_primary: { ...NAME, description: 'A boolean column that is true in at most one row of a parent.' },
  },
} as const;

const PHASE = {
  type: ['object', 'null'],
  title: 'the settings of the phase, or nothing',
  additionalProperties: false,
  required: [],
  properties: {
    batch_size: { ...BATCH_SIZE, description: 'Records read, checked and staged together.' },
    commit_size: { ...BATCH_SIZE, description: 'Records in one transaction.' },
    links: {
      type: 'array',
      title: 'a list like [student.school_id]',
      description: 'The links that this phase resolves, where it is not the first one.',
      uniqueItems: true,
      items: COLUMN_OF_TABLE,
      default: [],
    },
    after: {
      type: 'array',
      title: 'a list of mappings',
      description: 'Mappings that must have run before, beside those that links imply.',
      uniqueItems: true,
      items: DASHED_NAME,
      default: [],
    },
  },
} as const;

const RULE = {
  type: 'object',
  title: 'a rule with name and check',
  additionalProperties: false,
  required: ['name', 'check'],
  properties: {
    name: { ...DASHED_NAME, description: 'The name that reports and quarantine show.' },
    when: { type: 'string', title: 'an expression', description: 'The rule holds only where this is true.' },
    check: { type: 'string', title: 'an expression', description: 'What must be true.' },
    severity: {
      title: 'error or warn',
      description: 'error: quarantine. warn: load and report.',
      enum: ['error', 'warn'],
      default: 'error',
    },
  },
} as const;

const DELETES = {
  type: 'object',
  title: 'detect, action, column and value',
  description: 'What happens here when a record is deleted in the org (not in this version).',
  additionalProperties: false,
  required: [],
  properties: {
    detect: {
      type: 'array',
      title: 'a list of recycle_bin and reconcile',
      description: 'How a deleted record is noticed.',
      items: { title: 'recycle_bin or reconcile', enum: ['recycle_bin', 'reconcile'] },
    },
    action: {
      title: 'soft, hard or ignore',
      description: 'Mark the row, delete it, or leave it.',
      enum: ['soft', 'hard', 'ignore'],
    },
    column: { ...NAME, description: 'The column that marks a deleted row.' },
    value: { ...CONSTANT, description: 'What the column of a deleted row holds.' },
  },
} as const;

/** `mappings/NAME.yaml`. */
export const MAPPING_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://sluice.invalid/schemas/mapping.schema.json',
  title: 'mappings/NAME.yaml: how one Salesforce object becomes rows',
  type: 'object',
  additionalProperties: false,
  required: ['version', 'mapping', 'source', 'tables'],
  properties: {
    version: { const: 1, title: '1', description: 'The version of this file format.' },
    mapping: { ...DASHED_NAME, description: 'The name of the mapping.' },
    description: DESCRIPTION,
    tags: {
      type: 'array',
      title: 'a list of tags',
      description: 'Words to select by: --select tag:people.',
      uniqueItems: true,
      items: DASHED_NAME,
      default: [],
    },
    source: {
      type: 'object',
      title: 'object and soql, or object and where',
      description: 'What is read.',
      additionalProperties: false,
      required: [],
      properties: {
        object: {
          type: 'string',
          title: 'the API name of an object, like Contact or Class__c',
          description: 'The Salesforce object.',
          pattern: '^[A-Za-z][A-Za-z0-9_]*$',
        },
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
      },
    },
    phases: {
      type: 'object',
      title: 'a map from phases to their settings',
      description: 'When it runs. The first phase reads, the others only link.',
      minProperties: 1,
      propertyNames: DASHED_NAMES,
      additionalProperties: PHASE,
    },
    tables: {
      type: 'object',
      title: 'a map from tables to their columns',
      description: 'What is written: the root table first, then tables that extend it, then child tables.',
      minProperties: 1,
      propertyNames: NAMES,
      additionalProperties: TABLE,
    },
    rules: {
      type: 'array',
      title: 'a list of rules',
      description: 'Checks over the columns of one record.',
      items: RULE,
      default: [],
    },
    deletes: DELETES,
  },
} as const;

/** A mapping file after defaults. */
export type MappingFile = FromSchema<typeof MAPPING_SCHEMA>;
export type MappingFileTable = FromSchema<typeof TABLE>;
export type MappingFileEachValue = FromSchema<typeof EACH_VALUE>;
export type MappingFilePhase = FromSchema<typeof PHASE>;
export type MappingFileRule = FromSchema<typeof RULE>;
