import type { FromSchema } from 'json-schema-to-ts';
import { COLUMN_VALUES, NAME, NAMES } from './words.ts';

export const LINK = {
  type: ['string', 'object'],
  title: 'a table, or { table, by, value, ... }',
  description: 'The value refers to a row of this table, found by the key of its mapping or by the column `by`.',
  pattern: NAME.pattern,
  additionalProperties: false,
  required: ['table'],
  properties: {
    table: { ...NAME, description: 'The table of the parent rows.' },
    by: { ...NAME, description: 'The column to compare with, of the table or of one that it extends.' },
    value: {
      ...NAME,
      description: 'The column of the parent row that is written; the one that this column refers to, unless said.',
    },
    ignore_case: {
      type: 'boolean',
      title: 'true or false',
      description: 'Try again without regard to case where nothing is equal.',
    },
    pick: {
      title: 'first',
      description: '`first`: where `by` is not unique, the row with the lowest primary key.',
      enum: ['first'],
    },
    aliases: {
      type: 'object',
      title: 'table, by and value',
      description: 'Other names of the parents, in a table of their own: tried where the table itself has none.',
      additionalProperties: false,
      required: ['table', 'by', 'value'],
      properties: {
        table: { ...NAME, description: 'The table of the other names.' },
        by: { ...NAME, description: 'Its column with the other name.' },
        value: { ...NAME, description: 'Its column that is written.' },
      },
    },
  },
} as const;

/** With `on_missing: create`: how the row of a parent that is not here is made. */
export const STUB = {
  type: 'object',
  title: 'values and copy, like { values: { type: School } }',
  description: 'With `on_missing: create`: what the row that stands for the parent holds beside the reference.',
  additionalProperties: false,
  required: [],
  properties: {
    values: { ...COLUMN_VALUES, description: 'Constants of a row that is made from the reference alone.' },
    copy: {
      type: 'array',
      title: 'a list of tables to copy from',
      description: 'Rows of other tables that are found by the reference and copied; the first that fits.',
      minItems: 1,
      items: {
        type: 'object',
        title: 'table, by and columns',
        additionalProperties: false,
        required: ['table', 'by'],
        properties: {
          table: { ...NAME, description: 'The table to copy from.' },
          by: { ...NAME, description: 'Its column that the reference is compared with.' },
          columns: {
            type: 'object',
            title: 'a map from columns to columns of the other table',
            description: 'Column of the new row on the left, column of the other table on the right.',
            minProperties: 1,
            propertyNames: NAMES,
            additionalProperties: NAME,
          },
          values: { ...COLUMN_VALUES, description: 'Constants of a row that is copied from here.' },
        },
      },
    },
    else: {
      title: 'quarantine, wait, "null" or skip',
      description: 'What happens when none of `copy` fits; `quarantine` unless said.',
      enum: ['quarantine', 'wait', 'null', null, 'skip'],
    },
  },
} as const;

export type MappingFileLink = FromSchema<typeof LINK>;
export type MappingFileStub = FromSchema<typeof STUB>;
