import type { FromSchema } from 'json-schema-to-ts';
import { MAP_VALUES } from './map.ts';
import { CONSTANT, FIELD, FIELD_PATTERN, NAME } from './words.ts';

export const FROM = {
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

/** The long form of a column. */
export type MappingFileColumn = Exclude<FromSchema<typeof COLUMN_MAPPING>, string>;
