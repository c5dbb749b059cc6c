import type { FromSchema } from 'json-schema-to-ts';
import { CONSTANT, DURATION } from './words.ts';

const CURSOR = {
  type: 'string',
  title: 'a date-time of the object itself, like SystemModstamp',
  description: 'The field that moves with every change of a record.',
  pattern: '^[A-Za-z][A-Za-z0-9_]*$',
} as const;

const LOOKBACK = {
  ...DURATION,
  description:
    'How far before the watermark to read again: a change may be seen later than its stamp says. At least 1m.',
} as const;

const SWITCH = {
  type: ['object', 'boolean'],
  title: 'cursor and lookback, or false to read everything in every run',
  not: { const: true },
  additionalProperties: false,
  required: [],
} as const;

/** What the project says for all mappings. */
export const INCREMENTAL_DEFAULTS = {
  ...SWITCH,
  description: 'Reading only what changed since the last run.',
  default: {},
  properties: {
    cursor: { ...CURSOR, default: 'SystemModstamp' },
    lookback: { ...LOOKBACK, default: '1h' },
  },
} as const;

const INCREMENTAL = {
  ...SWITCH,
  description: 'Reading only what changed since the last run, where it differs from the project.',
  properties: { cursor: CURSOR, lookback: LOOKBACK },
} as const;

const DELETES = {
  type: 'object',
  title: 'detect and action, with column and value for soft',
  description:
    'What becomes of the rows of a record that is gone from the org. Without it, nobody looks and rows stay.',
  additionalProperties: false,
  required: ['detect', 'action'],
  properties: {
    detect: {
      type: 'array',
      title: 'a list of recycle_bin and reconcile',
      description:
        'How it is noticed. recycle_bin: deleted records are asked for with each window. reconcile: whenever everything is read again, all ids are compared.',
      minItems: 1,
      uniqueItems: true,
      items: { title: 'recycle_bin or reconcile', enum: ['recycle_bin', 'reconcile'] },
    },
    action: {
      title: 'soft, hard or ignore',
      description: 'soft: mark the row. hard: delete it with its extensions and children. ignore: count it, rows stay.',
      enum: ['soft', 'hard', 'ignore'],
    },
    column: {
      type: 'string',
      title: 'a column of the root table or an extension, like active or student.active',
      description: 'With soft: the column that marks the row. It may be one with `owner: local`.',
      minLength: 1,
    },
    value: { ...CONSTANT, description: 'With soft: what the column takes.' },
    left_filter: {
      title: 'delete or keep',
      description: 'A record that the condition of the mapping no longer means: like a deleted one, or its rows stay.',
      enum: ['delete', 'keep'],
      default: 'delete',
    },
  },
} as const;

/** How a mapping, or one source of it, keeps up with the org. */
export const KEEPING_UP_PARTS = {
  incremental: INCREMENTAL,
  refresh_formulas: {
    ...DURATION,
    description:
      'After this time everything is read again: formulas, roll-ups and fields of parents change without a stamp.',
  },
  deletes: DELETES,
  give_up: {
    ...DURATION,
    description:
      'What waits for its parent longer than this no longer counts as waiting. It is linked all the same when the parent comes.',
  },
} as const;

/** The same of one source: it stands instead of what the mapping says. */
export const SOURCE_KEEPING_UP_PARTS = {
  incremental: { ...INCREMENTAL, $comment: 'incremental', description: 'Instead of the shared one.' },
  refresh_formulas: { ...KEEPING_UP_PARTS.refresh_formulas, description: 'Instead of the shared one.' },
  deletes: { ...DELETES, $comment: 'deletes', description: 'Instead of the shared one.' },
  give_up: { ...KEEPING_UP_PARTS.give_up, description: 'Instead of the shared one.' },
} as const;

export type IncrementalDefaults = FromSchema<typeof INCREMENTAL_DEFAULTS>;
export type MappingFileIncremental = FromSchema<typeof INCREMENTAL>;
