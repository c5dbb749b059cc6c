import type { FromSchema } from 'json-schema-to-ts';
import { KEEPING_UP_PARTS } from './keeping-up.ts';
import { TABLE } from './mapping-table.ts';
import { NAMED_SOURCE, RECORD_PARTS, SOURCE } from './source.ts';
import {
  BATCH_SIZE,
  CALL,
  COLUMN_OF_TABLE,
  DASHED_NAME,
  DASHED_NAMES,
  DESCRIPTION,
  MAPPING_NAME,
  NAMES,
} from './words.ts';

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
      items: MAPPING_NAME,
      default: [],
    },
  },
} as const;

const HOOKS = {
  type: 'object',
  title: 'after_commit and after_step',
  description: 'Hooks of plugins, in order.',
  additionalProperties: false,
  required: [],
  properties: {
    after_commit: {
      type: 'array',
      title: 'a list of plugin functions',
      description: 'In the transaction of each commit, after its rows are written.',
      items: { ...CALL, title: 'a plugin function, or { plugin.function: { argument: value } }' },
    },
    after_step: {
      type: 'array',
      title: 'a list of plugin functions',
      description: 'In a transaction of its own, when the step has read and written everything.',
      items: { ...CALL, title: 'a plugin function, or { plugin.function: { argument: value } }' },
    },
  },
} as const;

/** `mappings/NAME.yaml`. */
export const MAPPING_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://sluice.invalid/schemas/mapping.schema.json',
  title: 'mappings/NAME.yaml: how one Salesforce object becomes rows',
  type: 'object',
  additionalProperties: false,
  required: ['version', 'mapping', 'tables'],
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
    source: SOURCE,
    sources: {
      type: 'object',
      title: 'a map from names to sources',
      description: 'Instead of `source`: several, each a mapping of its own, named `mapping.source`.',
      minProperties: 1,
      propertyNames: DASHED_NAMES,
      additionalProperties: NAMED_SOURCE,
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
    ...RECORD_PARTS,
    hooks: HOOKS,
    ...KEEPING_UP_PARTS,
  },
} as const;

/** A mapping file after defaults. */
export type MappingFile = FromSchema<typeof MAPPING_SCHEMA>;
export type MappingFilePhase = FromSchema<typeof PHASE>;
