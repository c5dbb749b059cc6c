import type { FromSchema } from 'json-schema-to-ts';
import { MAP_VALUES } from './map.ts';
import {
  BATCH_SIZE,
  COLUMN_NAMES,
  CONSTANT,
  DASHED_NAME,
  DASHED_NAMES,
  DESCRIPTION,
  FIELD,
  FIELD_PATTERN,
  NAME,
  NAMES,
} from './words.ts';

const FROM = {
  type: ['string', 'array'],
  title: 'a Salesforce field, or a list of fields (the first that is not blank wins)',
  description: 'The Salesforce field or path; of a list, the first that is not blank.',
  pattern: FIELD_PATTERN,
  minItems: 1,
  items: FIELD,
} as const;

/** `null` may be written with or without quotes. */
const BAD_VALUE_POLICIES = ['quarantine', 'null', null, 'keep', 'default'] as const;

const LINK = {
  type: ['string', 'object'],
  title: 'a table, or { table, by }',
  description: 'The value refers to a row of this table, found by the key of that table or by the column `by`.',
  pattern: NAME.pattern,
  additionalProperties: false,
  required: ['table'],
  properties: {
    table: { ...NAME, description: 'The table of the parent rows.' },
    by: { ...NAME, description: 'The parent column to compare with; it must be unique.' },
  },
} as const;

const TRANSFORM = {
  type: ['string', 'object'],
  title: 'the name of a transform, or { name: { argument: value } }',
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: {
    type: ['object', 'null'],
    title: 'the arguments, like { length: 50 }',
  },
} as const;

/** What one column of a row takes from the record. A text is short for `{ from: text }`. */
export const COLUMN_MAPPING = {
  type: ['string', 'object'],
  title: 'a Salesforce field, or { from: ..., transform: ... }',
  pattern: FIELD_PATTERN,
  additionalProperties: false,
  required: [],
  properties: {
    from: FROM,
    value: { ...CONSTANT, description: 'A constant.' },
    expr: { type: 'string', title: 'an expression', description: 'An expression (not in this version).' },
    use: {
      type: ['string', 'object'],
      title: 'a plugin function',
      description: 'A plugin function (not in this version).',
    },
    transform: {
      type: 'array',
      title: 'a list of transforms',
      description: 'What is done to the text, in order.',
      items: TRANSFORM,
      default: [],
    },
    map: {
      ...MAP_VALUES,
      type: ['string', 'object'],
      title: 'the name of a map, or { "their value": our_value }',
      description: 'A value map: a file in mappings/maps, or written in place.',
      pattern: NAME.pattern,
    },
    required: {
      type: 'boolean',
      title: 'true or false',
      description: 'A blank value quarantines the record, also where the table allows null.',
      default: false,
    },
    format: {
      title: 'email, phone, url or salesforce_id',
      description: 'What the text must look like.',
      enum: ['email', 'phone', 'url', 'salesforce_id'],
    },
    on_null: {
      title: 'write, keep or default',
      description: 'A blank value is written, leaves what is there, or becomes the default of the column.',
      enum: ['write', 'keep', 'default'],
      default: 'write',
    },
    on_unknown: {
      title: 'quarantine, "null", keep or default',
      description: 'What happens to a value that the map does not have.',
      enum: BAD_VALUE_POLICIES,
      default: 'quarantine',
    },
    on_invalid: {
      title: 'quarantine, "null", keep or default',
      description: 'What happens to a value that does not fit the column.',
      enum: BAD_VALUE_POLICIES,
      default: 'quarantine',
    },
    on_missing: {
      title: 'wait, "null", quarantine, fail or create',
      description: 'What happens to a link whose parent is not here.',
      enum: ['wait', 'null', null, 'quarantine', 'fail', 'create'],
      default: 'wait',
    },
    write: {
      title: 'always, once or if_blank',
      description: 'Written every time, only when the row is inserted, or only while the column is null.',
      enum: ['always', 'once', 'if_blank'],
      default: 'always',
    },
    link: LINK,
  },
} as const;

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
      items: {
        type: 'string',
        title: 'table.column',
        pattern: '^[a-z_][a-z0-9_]*\\.[a-z_][a-z0-9_]*$',
      },
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
export type MappingFileColumn = Exclude<FromSchema<typeof COLUMN_MAPPING>, string>;
export type MappingFileEachValue = FromSchema<typeof EACH_VALUE>;
export type MappingFilePhase = FromSchema<typeof PHASE>;
export type MappingFileRule = FromSchema<typeof RULE>;
