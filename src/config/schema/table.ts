import type { FromSchema } from 'json-schema-to-ts';
import { COLUMN_NAMES, COLUMN_OF_TABLE, CONSTANT, DESCRIPTION, NAME, NAMES } from './words.ts';

/** Names, perhaps quoted and of a schema, a modifier, `[]`: nothing that could end the type and begin a statement. */
export const DB_TYPE =
  '^(("[^"]+"|[a-z_][a-z0-9_$]*)\\.)?("[^"]+"|[a-z_][a-z0-9_$ ]*)(\\([A-Za-z0-9_, -]+\\))?( with(out)? time zone)?(\\[\\])*$';

const ON_DELETE = { title: 'restrict, cascade or set_null', enum: ['restrict', 'cascade', 'set_null'] } as const;

const COLUMN = {
  type: 'object',
  title: 'a column, like { type: string(80), required: true }',
  additionalProperties: false,
  required: ['type'],
  properties: {
    type: {
      type: 'string',
      title:
        'a type: string(n), text, integer, bigint, numeric(p,s), float, boolean, date, timestamp, enum, json or uuid',
      description:
        'string(n) counts characters. enum needs `values`. timestamp has a time zone. numeric alone has no limit.',
      pattern:
        '^(string\\([1-9][0-9]{0,7}\\)|text|integer|bigint|numeric(\\([1-9][0-9]{0,2}, *[0-9]{1,3}\\))?|float|boolean|date|timestamp|enum|json|uuid)$',
    },
    db_type: {
      type: 'string',
      title: 'a type as PostgreSQL\'s format_type spells it, like citext or "Role"',
      description: "The column's own type in an existing database, where it is not the one that `type` makes.",
      pattern: DB_TYPE,
      maxLength: 200,
    },
    values: {
      type: 'array',
      title: 'a list of texts',
      description: 'The allowed values of an enum.',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', title: 'text in quotes' },
    },
    required: { type: 'boolean', title: 'true or false', description: 'NOT NULL.', default: false },
    default: { ...CONSTANT, description: 'Value of a new row that gives none; `now` is the time of the write.' },
    db_default: {
      type: 'string',
      title: 'an SQL expression, like gen_random_uuid()',
      description: 'The default in an existing database, where it is more than a value or the time of the write.',
      pattern: '^[^;]+$',
    },
    references: { ...COLUMN_OF_TABLE, description: 'A foreign key: the column that this one refers to.' },
    on_delete: {
      ...ON_DELETE,
      description: 'What happens here when the row that this one refers to is deleted.',
      default: 'restrict',
    },
    unique: { type: 'boolean', title: 'true or false', description: 'No two rows share a value.', default: false },
    index: { type: 'boolean', title: 'true or false', description: 'An index on this column alone.', default: false },
    check: {
      type: 'string',
      title: 'a range like "between 0 and 12", ">= 0" or "> 0 and < 10"',
      description: 'The range of a number.',
    },
    owner: {
      title: 'sync or local',
      description: 'local: an import never writes it, not even on insert.',
      enum: ['sync', 'local'],
      default: 'sync',
    },
    touch: {
      title: 'insert or change',
      description: 'A timestamp that Sluice writes: when the row is inserted, or whenever it changes.',
      enum: ['insert', 'change'],
    },
    pii: {
      type: 'boolean',
      title: 'true or false',
      description: 'Personal: never in a log, a report or --json.',
      default: false,
    },
    generated: {
      type: 'boolean',
      title: 'true or false',
      description:
        'Filled by the database: an integer or bigint primary key from a sequence, a uuid one at random; elsewhere with `owner: local`.',
      default: false,
    },
    description: DESCRIPTION,
  },
} as const;

/** `mappings/tables/NAME.yaml`. */
export const TABLE_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://sluice.invalid/schemas/table.schema.json',
  title: 'mappings/tables/NAME.yaml: a target table',
  type: 'object',
  additionalProperties: false,
  required: ['table', 'columns'],
  properties: {
    version: { const: 1, title: '1', description: 'The version of this file format.', default: 1 },
    table: { ...NAME, description: 'The name of the table.' },
    description: DESCRIPTION,
    extends: { ...NAME, description: 'A joined table: its primary key is also the primary key of this table.' },
    on_delete: {
      ...ON_DELETE,
      description:
        'With `extends`: what happens here when the row that this one continues is deleted; `cascade` unless said.',
    },
    primary_key: {
      type: ['string', 'array'],
      title: 'a column, or a list of columns',
      description:
        'The primary key column, or columns; `id` unless said otherwise, or as the base has it with `extends`.',
      pattern: NAME.pattern,
      minItems: 1,
      uniqueItems: true,
      items: NAME,
    },
    columns: {
      type: 'object',
      title: 'a map from column names to columns',
      description: 'The columns, in order.',
      propertyNames: NAMES,
      additionalProperties: COLUMN,
    },
    unique: {
      type: 'array',
      title: 'a list of lists of columns',
      description: 'Sets of columns that no two rows share.',
      items: COLUMN_NAMES,
      default: [],
    },
    indexes: {
      type: 'array',
      title: 'a list of lists of columns',
      description: 'Indexes over more than one column.',
      items: COLUMN_NAMES,
      default: [],
    },
  },
} as const;

/** A table file after defaults. */
export type TableFile = FromSchema<typeof TABLE_SCHEMA>;
export type TableFileColumn = FromSchema<typeof COLUMN>;
