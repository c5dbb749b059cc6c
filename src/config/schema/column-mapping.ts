import type { FromSchema } from 'json-schema-to-ts';
import { LINK, STUB } from './link.ts';
import { MAP_VALUES } from './map.ts';
import { CALL, COLUMN_VALUES, CONSTANT, EXPRESSION, NAME, SIDE_LOOKUP_NAME } from './words.ts';

/** A field of the org, or a header of a file, which may be any text; what the org cannot have is told later. */
export const SOURCE_FIELD = {
  type: 'string',
  title: 'a Salesforce field or path, like Email or Account.Name',
  pattern: '^\\S(.*\\S)?$',
} as const;

const FROM = {
  type: ['string', 'array'],
  title: 'a Salesforce field, or a list of fields (the first that is not blank wins)',
  description: 'The Salesforce field or path; of a list, the first that is not blank. Of a file, the header.',
  pattern: SOURCE_FIELD.pattern,
  minItems: 1,
  items: SOURCE_FIELD,
} as const;

/** `null` may be written with or without quotes. */
const BAD_VALUE_POLICIES = ['quarantine', 'null', null, 'keep', 'default'] as const;

const SPLIT = {
  type: ['string', 'array'],
  title: 'a separator, or a list of separators, like [";", ","]',
  description:
    'The text falls into items at these: in `each` a row for each, in `first_of` with a link a try for each.',
  minLength: 1,
  minItems: 1,
  items: { type: 'string', title: 'a separator in quotes', minLength: 1 },
} as const;

const TRANSFORM = {
  type: 'array',
  title: 'a list of transforms',
  description: 'What is done to the text, in order: built in, or `plugin.function`.',
  items: { ...CALL, title: 'the name of a transform, or { name: { argument: value } }' },
} as const;

const MAP = {
  ...MAP_VALUES,
  type: ['string', 'object'],
  title: 'the name of a map, or { "their value": our_value }',
  description: 'A value map: a file in mappings/maps, or written in place.',
  pattern: NAME.pattern,
} as const;

/** Where a value comes from. */
const INPUT = {
  from: FROM,
  join: {
    type: 'string',
    title: 'text, like " "',
    description: 'With a list in `from`: all that are not blank, with this text between them.',
  },
  value: { ...CONSTANT, description: 'A constant.' },
  expr: {
    ...EXPRESSION,
    description:
      'An expression over `source.<Field>`, `today` and the columns of the record that stand before this one.',
  },
  use: {
    ...CALL,
    title: 'a plugin function, or { plugin.function: { argument: value } }',
    description: 'A resolver of a plugin, asked once a batch; `from` names its inputs.',
  },
  lookup: {
    ...SIDE_LOOKUP_NAME,
    description: 'The value of `from` is looked up in the org by this entry of `lookups`.',
  },
} as const;

const ALTERNATIVE = {
  type: 'object',
  title: 'a way to a value, like { from: WhoId, link: contact }',
  additionalProperties: false,
  required: [],
  minProperties: 1,
  properties: { ...INPUT, split: SPLIT, transform: TRANSFORM, map: MAP, link: LINK },
} as const;

/** What may be said of a column, without defaults: an entry of `each` lays it over the column. */
const PARTS = {
  ...INPUT,
  first_of: {
    type: 'array',
    title: 'a list of ways to a value, like [{ from: A }, { from: B, transform: [trim] }]',
    description: 'The first that gives a value; of a link, the first whose parent is here.',
    minItems: 1,
    items: ALTERNATIVE,
  },
  split: SPLIT,
  transform: TRANSFORM,
  map: MAP,
  required: {
    type: 'boolean',
    title: 'true or false',
    description: 'A blank value quarantines the record, also where the table allows null.',
  },
  format: {
    ...CALL,
    title: 'email, phone, url, salesforce_id or a check of a plugin',
    description: 'What the text must look like: email, phone, url, salesforce_id, or `plugin.function`.',
  },
  on_null: {
    title: 'write, keep or default',
    description: 'A blank value is written, leaves what is there, or becomes the default of the column.',
    enum: ['write', 'keep', 'default'],
  },
  on_unknown: {
    title: 'quarantine, "null", keep or default',
    description: 'What happens to a value that the map does not have.',
    enum: BAD_VALUE_POLICIES,
  },
  on_invalid: {
    title: 'quarantine, "null", keep or default',
    description: 'What happens to a value that does not fit the column.',
    enum: BAD_VALUE_POLICIES,
  },
  write: {
    title: 'always, once or if_blank',
    description: 'Written every time, only when the row is inserted, or only while the column is null.',
    enum: ['always', 'once', 'if_blank'],
  },
  on_conflict: {
    title: 'write or quarantine',
    description: 'When the row found holds another value: it is written over, or the record is refused.',
    enum: ['write', 'quarantine'],
  },
  now_when: {
    type: 'object',
    title: 'becomes, and perhaps from, like { becomes: { status: Past } }',
    description: 'A blank date or time becomes that of the write when the row comes to hold these values.',
    additionalProperties: false,
    required: ['becomes'],
    properties: {
      becomes: { ...COLUMN_VALUES, description: 'What the row holds after the write.' },
      from: { ...COLUMN_VALUES, description: 'What it must have held before; without it, a new row counts, too.' },
    },
  },
  link: LINK,
  on_missing: {
    title: 'wait, "null", quarantine, fail, skip or create',
    description:
      'What happens to a link whose parent is not here: `wait` unless said, in a child table `skip` (the row is left out).',
    enum: ['wait', 'null', null, 'quarantine', 'fail', 'skip', 'create'],
  },
  create: STUB,
} as const;

/** What an entry of `each` says of a column. */
export const ENTRY_PARTS = PARTS;

/** What one column of a row takes from the record. A text is short for `{ from: text }`. */
export const COLUMN_MAPPING = {
  type: ['string', 'object'],
  title: 'a Salesforce field, or { from: ..., transform: ... }',
  pattern: SOURCE_FIELD.pattern,
  additionalProperties: false,
  required: [],
  properties: {
    ...PARTS,
    transform: { ...PARTS.transform, default: [] },
    required: { ...PARTS.required, default: false },
    on_null: { ...PARTS.on_null, default: 'write' },
    on_unknown: { ...PARTS.on_unknown, default: 'quarantine' },
    on_invalid: { ...PARTS.on_invalid, default: 'quarantine' },
    write: { ...PARTS.write, default: 'always' },
    on_conflict: { ...PARTS.on_conflict, default: 'write' },
  },
} as const;

/** The long form of a column. */
export type MappingFileColumn = Exclude<FromSchema<typeof COLUMN_MAPPING>, string>;
export type MappingFileAlternative = FromSchema<typeof ALTERNATIVE>;
