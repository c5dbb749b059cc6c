import type { FromSchema } from 'json-schema-to-ts';
import { DESCRIPTION, NAME } from './words.ts';

export const MAP_VALUES = {
  type: 'object',
  title: 'a map from source values to ours',
  minProperties: 1,
  additionalProperties: {
    type: ['string', 'number', 'boolean'],
    title: 'text, a number, true or false',
  },
} as const;

/** `mappings/maps/NAME.yaml`. */
export const MAP_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://sluice.invalid/schemas/map.schema.json',
  title: 'mappings/maps/NAME.yaml: a value map',
  type: 'object',
  additionalProperties: false,
  required: ['map', 'values'],
  properties: {
    version: { const: 1, title: '1', description: 'The version of this file format.', default: 1 },
    map: { ...NAME, description: 'The name by which columns use it.' },
    description: DESCRIPTION,
    ignore_case: {
      type: 'boolean',
      title: 'true or false',
      description: 'Compare without regard to case and to spaces at the ends.',
      default: false,
    },
    values: { ...MAP_VALUES, description: 'Source value on the left, our value on the right.' },
  },
} as const;

/** A map file after defaults. */
export type MapFile = FromSchema<typeof MAP_SCHEMA>;
