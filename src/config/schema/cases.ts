import type { FromSchema } from 'json-schema-to-ts';
import { CONSTANT, DASHED_NAME, DESCRIPTION, NAMES } from './words.ts';

const VALUES = {
  type: 'object',
  title: 'a map from columns to values',
  additionalProperties: {
    type: ['string', 'number', 'boolean', 'null', 'array'],
    title: 'one value, keep, or the candidates of a link',
    items: CONSTANT,
  },
} as const;

const CASE = {
  type: 'object',
  title: 'a case: { name, record, rows }',
  additionalProperties: false,
  required: ['name', 'record'],
  properties: {
    name: { type: 'string', title: 'text', description: 'What it shows, in words.', minLength: 1 },
    record: {
      type: 'object',
      title: 'a map from source fields to values',
      description:
        'The record as the source sends it. Fields that are not named are blank; without Id, one is made up.',
      additionalProperties: CONSTANT,
    },
    answers: {
      type: 'object',
      title: 'a map from lookups and resolvers to their answers',
      description: 'What lookups and resolvers of plugins answer: input on the left, value on the right.',
      additionalProperties: {
        type: 'object',
        title: 'a map from inputs to values',
        additionalProperties: CONSTANT,
      },
    },
    rows: {
      type: 'object',
      title: 'a map from tables to the rows that are expected',
      description: 'Tables and columns that are not named are not compared. Of a child table, the list of its rows.',
      minProperties: 1,
      propertyNames: NAMES,
      additionalProperties: { ...VALUES, type: ['object', 'array'], title: 'a row, or a list of rows', items: VALUES },
    },
    skipped: {
      type: 'string',
      title: 'the name of an entry of skip_when',
      description: 'The record is left out for this reason.',
    },
    quarantined: {
      type: ['string', 'object'],
      title: 'a code like INVALID_DATE, or { code, column, rule }',
      description: 'The record is refused with this code.',
      additionalProperties: false,
      required: ['code'],
      properties: {
        code: { type: 'string', title: 'a code like INVALID_DATE', description: 'The code.' },
        column: { type: 'string', title: 'table.column', description: 'The column at fault.' },
        rule: { type: 'string', title: 'text', description: 'The rule, check or function that refuses.' },
      },
    },
    warnings: {
      type: 'array',
      title: 'a list like ["INVALID_DATE contact.birthdate"]',
      description: 'All warnings that the record gives, in any order; `[]` for none.',
      items: { type: 'string', title: 'a code and a table.column or rule' },
    },
  },
} as const;

/** `mappings/tests/NAME.yaml`. */
export const CASES_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://sluice.invalid/schemas/cases.schema.json',
  title: 'mappings/tests/NAME.yaml: what records of a mapping become',
  type: 'object',
  additionalProperties: false,
  required: ['mapping', 'cases'],
  properties: {
    version: { const: 1, title: '1', description: 'The version of this file format.', default: 1 },
    mapping: { ...DASHED_NAME, description: 'The mapping that is tested.' },
    source: { ...DASHED_NAME, description: 'Which of its sources, where it has several.' },
    description: DESCRIPTION,
    today: {
      type: 'string',
      title: 'a date like 2026-01-15',
      description: 'The day of the run, for expressions that ask for `today`: a fixed one, so that a case stays true.',
      pattern: '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$',
      default: '2026-01-15',
    },
    cases: { type: 'array', title: 'a list of cases', description: 'The cases.', minItems: 1, items: CASE },
  },
} as const;

/** A file of cases after defaults. */
export type CasesFile = FromSchema<typeof CASES_SCHEMA>;
export type WrittenCase = FromSchema<typeof CASE>;
export type WrittenValues = FromSchema<typeof VALUES>;
