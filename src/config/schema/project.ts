import type { FromSchema } from 'json-schema-to-ts';
import { INCREMENTAL_DEFAULTS } from './keeping-up.ts';
import { BATCH_SIZE, DASHED_NAME, DURATION, FIELD, NAME, SHARE } from './words.ts';

const SALESFORCE = {
  type: 'object',
  title: 'the settings of the org',
  description: 'The org that is read. Secrets come from the environment, never from this file.',
  additionalProperties: false,
  required: [],
  default: {},
  properties: {
    auth: {
      title: 'a kind of login',
      description: 'How to log in. `demo` reads the bundled simulated org and needs no account.',
      enum: ['demo', 'client_credentials', 'jwt', 'refresh_token', 'password', 'access_token', 'sf_cli'],
      default: 'demo',
    },
    login_url: {
      type: 'string',
      title: 'an address that begins with https:// (or http://)',
      description: 'Where to log in: My Domain, login.salesforce.com or test.salesforce.com.',
      pattern: '^https?://[^\\s]+$',
      default: 'https://login.salesforce.com',
    },
    api_version: {
      type: 'string',
      title: 'a version in quotes, like "62.0"',
      description: 'The API version, in quotes: YAML would read 62.0 as the number 62.',
      pattern: '^[0-9]{2,3}\\.0$',
      default: '62.0',
    },
    api_budget: {
      type: 'object',
      title: 'per_run and keep_free',
      description: 'How much of the daily API quota a run may use.',
      additionalProperties: false,
      required: [],
      default: {},
      properties: {
        per_run: {
          type: ['string', 'integer', 'null'],
          title: 'a share like 10%, a number of calls, or null for no limit',
          description: 'What one run may use: a share of the daily quota or a number of calls.',
          pattern: SHARE.pattern,
          minimum: 1,
          default: null,
        },
        keep_free: {
          type: 'string',
          title: 'a share like 25%',
          description: 'The share of the daily quota that stays for everybody else.',
          pattern: SHARE.pattern,
          default: '0%',
        },
      },
    },
  },
} as const;

const DATABASE = {
  type: 'object',
  title: 'the settings of the database',
  description: 'The database that is written.',
  additionalProperties: false,
  required: [],
  default: {},
  properties: {
    url: {
      type: 'string',
      title: 'embedded, or an address that begins with postgres:// or postgresql://',
      description: '`embedded` is a real PostgreSQL that Sluice starts and stops, with its data under .sluice/.',
      pattern: '^(embedded|postgres(ql)?://.+)$',
      default: 'embedded',
    },
    schema: { ...NAME, description: 'The schema of the target tables.', default: 'public' },
    manage: {
      type: 'boolean',
      title: 'true or false',
      description: 'true: Sluice creates and migrates the tables. false: an app owns them, Sluice only checks.',
      default: true,
    },
  },
} as const;

const DEFAULTS = {
  type: 'object',
  title: 'the defaults of every mapping',
  description: 'What holds for a mapping that says nothing else.',
  additionalProperties: false,
  required: [],
  default: {},
  properties: {
    batch_size: { ...BATCH_SIZE, description: 'Records read, checked and staged together.', default: 5000 },
    commit_size: { ...BATCH_SIZE, description: 'Records in one transaction.', default: 5000 },
    incremental: INCREMENTAL_DEFAULTS,
  },
} as const;

/** `sync.config.yaml`. */
export const PROJECT_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://sluice.invalid/schemas/project.schema.json',
  title: 'sync.config.yaml: the project',
  type: 'object',
  additionalProperties: false,
  required: ['version', 'project'],
  properties: {
    version: { const: 1, title: '1', description: 'The version of this file format.' },
    project: { ...DASHED_NAME, description: 'The name of the project; one project has one state.' },
    salesforce: SALESFORCE,
    database: DATABASE,
    phases: {
      type: 'array',
      title: 'a list of phase names',
      description: 'The phases of a run, in order.',
      minItems: 1,
      uniqueItems: true,
      items: DASHED_NAME,
      default: ['main'],
    },
    plugins: {
      type: 'array',
      title: 'a list of files',
      description: 'Files with functions that the YAML may name.',
      uniqueItems: true,
      items: { type: 'string', title: 'a path like ./plugins/school.ts', pattern: '^\\./.+\\.(ts|js|mjs)$' },
      default: [],
    },
    defaults: DEFAULTS,
    limits: {
      type: 'object',
      title: 'quarantine and deletes',
      description: 'Shares of the records read past which a step stops and a person decides.',
      additionalProperties: false,
      required: [],
      default: {},
      properties: {
        quarantine: {
          ...SHARE,
          description: 'Share of the records of a step that may be newly quarantined; fewer than 20 always may.',
          default: '5%',
        },
        deletes: {
          ...SHARE,
          description:
            'Share of the rows that a mapping knows which one run may delete or mark as deleted; ten are always let through.',
          default: '1%',
        },
      },
    },
    privacy: {
      type: 'object',
      title: 'reveal and quarantine',
      description: 'What may be shown of a record, and what is kept of it.',
      additionalProperties: false,
      required: [],
      default: {},
      properties: {
        reveal: {
          type: 'array',
          title: 'a list of fields',
          description: 'Salesforce fields whose values may be shown in reports.',
          uniqueItems: true,
          items: FIELD,
          default: ['Id'],
        },
        quarantine: {
          type: 'object',
          title: 'record and retention',
          description: 'What is kept of a quarantined record beside why it is there.',
          additionalProperties: false,
          required: [],
          default: {},
          properties: {
            record: {
              title: 'keep, encrypt or omit',
              description:
                'keep: as it was read. encrypt: the same, with the key from SLUICE_QUARANTINE_KEY. omit: nothing; it is read from the org again when it is sent down the path again.',
              enum: ['keep', 'encrypt', 'omit'],
              default: 'keep',
            },
            retention: {
              ...DURATION,
              type: ['string', 'null'],
              title: 'a duration like 90d, or null for no end',
              description: 'After this time the record itself is forgotten.',
              default: null,
            },
          },
        },
      },
    },
    history: {
      type: ['object', 'null'],
      title: 'keep, or null for none',
      description: 'Before-images of the rows that runs change, for `sluice runs revert`. They hold personal values.',
      additionalProperties: false,
      required: ['keep'],
      default: null,
      properties: {
        keep: { ...DURATION, description: 'How long they are kept.' },
      },
    },
    state: {
      type: 'object',
      title: 'keep_runs',
      description: 'What the state remembers beside what the next runs need.',
      additionalProperties: false,
      required: [],
      default: {},
      properties: {
        keep_runs: {
          ...DURATION,
          type: ['string', 'null'],
          title: 'a duration like 90d, or null for no end',
          description:
            'How long finished runs are kept, with their steps and events. The last ones of each mapping are kept longer, and those that something open refers to.',
          default: '90d',
        },
      },
    },
  },
} as const;

/** The project file after defaults. */
export type ProjectFile = FromSchema<typeof PROJECT_SCHEMA>;
