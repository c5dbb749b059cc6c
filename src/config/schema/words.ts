/** Parts that several schemas share. `title` completes the sentence "must be ..." in problems. */
const NAME_PATTERN = '(?!x-)[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N}_$ -]*';

/**
 * The name of a table or a column: whatever an existing database calls it, but for a dot, which parts table and column
 * in `table.column`, and for quotes and slashes. PostgreSQL's limit of 63 bytes is held where tables are resolved.
 */
export const NAME = {
  type: 'string',
  title: 'a name of letters, digits, _, $, - and spaces',
  pattern: `^${NAME_PATTERN}$`,
  maxLength: 63,
} as const;

/** Whether a table file can name this table or column. */
export function isName(name: string): boolean {
  return name.length <= NAME.maxLength && new RegExp(NAME.pattern, 'u').test(name);
}

/** Keys of an open map of names; `x-` keys are free there too. */
export const NAMES = { pattern: `^(${NAME_PATTERN}|x-.*)$`, maxLength: 63, title: NAME.title } as const;

export const COLUMN_OF_TABLE = {
  type: 'string',
  title: 'table.column',
  pattern: `^${NAME_PATTERN}\\.${NAME_PATTERN}$`,
} as const;

export const DASHED_NAME = {
  type: 'string',
  title: 'a name of lower-case letters, digits, - and _',
  pattern: '^[a-z][a-z0-9_-]*$',
  maxLength: 63,
} as const;

/** A mapping, or one of several sources of it. */
export const MAPPING_NAME = {
  type: 'string',
  title: 'the name of a mapping, or of one of its sources, like history or history.tasks',
  pattern: '^[a-z][a-z0-9_-]*(\\.[a-z][a-z0-9_-]*)?$',
} as const;

export const DASHED_NAMES = {
  pattern: '^([a-z][a-z0-9_-]*|x-.*)$',
  maxLength: 63,
  title: DASHED_NAME.title,
} as const;

const FIELD_PATTERN = '^[A-Za-z][A-Za-z0-9_]*(\\.[A-Za-z][A-Za-z0-9_]*)*$';

export const FIELD = {
  type: 'string',
  title: 'a Salesforce field or path, like Email or Account.Name',
  pattern: FIELD_PATTERN,
} as const;

export const COLUMN_NAMES = {
  type: 'array',
  title: 'a list of columns',
  minItems: 1,
  uniqueItems: true,
  items: NAME,
} as const;

export const SHARE = {
  type: ['string', 'null'],
  title: 'a share like 5%, or null for no limit',
  pattern: '^(100|[0-9]{1,2}(\\.[0-9]+)?)%$',
} as const;

export const DURATION = {
  type: 'string',
  title: 'a duration like 30s, 30m, 1h or 2d',
  pattern: '^[1-9][0-9]{0,5}(s|m|h|d)$',
} as const;

export const BATCH_SIZE = {
  type: 'integer',
  title: 'a whole number from 1 to 1,000,000',
  minimum: 1,
  maximum: 1_000_000,
} as const;

export const CONSTANT = {
  type: ['string', 'number', 'boolean', 'null'],
  title: 'one value: text, a number, true, false or null',
} as const;

export const DESCRIPTION = {
  type: 'string',
  title: 'text',
  description: 'What it is, in a sentence, for people.',
} as const;

/** A map from columns to constants. */
export const COLUMN_VALUES = {
  type: 'object',
  title: 'a map from columns to values, like { status: Current }',
  minProperties: 1,
  propertyNames: NAMES,
  additionalProperties: CONSTANT,
} as const;

export const EXPRESSION = { type: 'string', title: 'an expression in CEL', minLength: 1 } as const;

/** A function by its name, or with arguments. */
export const CALL = {
  type: ['string', 'object'],
  minLength: 1,
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: {
    type: ['object', 'null'],
    title: 'the arguments, like { length: 50 }',
  },
} as const;

export const SIDE_LOOKUP_NAME = { ...DASHED_NAME, title: 'the name of a lookup of this mapping' } as const;
