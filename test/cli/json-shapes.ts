/** What `--json` promises, as JSON Schema. Programs of others rely on it: a change here is a change for them. */
const count = { type: 'integer', minimum: 0 } as const;
const text = { type: 'string' } as const;
const time = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T.*Z$' } as const;

function object(properties: Record<string, object>): object {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function orNull(schema: object): object {
  return { anyOf: [schema, { type: 'null' }] };
}

function counts(...names: string[]): object {
  return object(Object.fromEntries(names.map((name) => [name, count])));
}

const tableCounts = counts('inserted', 'updated', 'unchanged', 'deleted');
const perKey = { type: 'object', additionalProperties: count };
const error = orNull(object({ code: text, message: text, actions: { type: 'array', items: text } }));

const stepProperties = {
  phase: text,
  mapping: text,
  status: text,
  duration_ms: count,
  api_calls: count,
  watermark: orNull(time),
  counts: counts(
    'read',
    'inserted',
    'updated',
    'unchanged',
    'deferred',
    'quarantined',
    'skipped',
    'deleted',
    'warnings',
  ),
  links: counts('linked', 'waiting', 'missing_parents'),
  tables: { type: 'object', additionalProperties: tableCounts },
  reading: orNull(
    object({
      kind: { enum: ['full', 'window', 'only'] },
      reason: text,
      from: orNull(time),
      to: orNull(time),
      resumed_job: orNull(text),
    }),
  ),
  warnings: perKey,
  quarantined: perKey,
  skipped: perKey,
  error,
};

const change = object({
  rows: count,
  samples: { type: 'array', maxItems: 3, items: object({ from: text, to: text }) },
});
const changes = { type: 'object', additionalProperties: change };

const driftNote = object({
  object: text,
  field: orNull(text),
  kind: {
    enum: [
      'object_missing',
      'missing',
      'cursor',
      'retyped',
      'shortened',
      'lengthened',
      'required',
      'calculated',
      'new_values',
    ],
  },
  message: text,
  severity: { enum: ['error', 'warning'] },
  records: orNull(count),
  mappings: { type: 'array', items: text },
});

const because = object({
  phase: text,
  mapping: text,
  reason: { enum: ['link', 'alias', 'copy', 'rows', 'after', 'reading'] },
  link: orNull(text),
  later: { type: 'boolean' },
});

export const RUN = runOf(object(stepProperties));

/** A plan has the same shape, and says what each column would change and why a step stands where it does. */
export const PLAN = runOf(object({ ...stepProperties, changes, because: { type: 'array', items: because } }));

function runOf(step: object): object {
  return object({
    run_id: { type: 'string', pattern: '^[0-9a-f-]{36}$' },
    status: { enum: ['succeeded', 'succeeded_with_warnings', 'failed', 'stopped', 'interrupted', 'planned'] },
    started_at: time,
    finished_at: time,
    duration_ms: count,
    api_calls: count,
    api_calls_estimated: orNull(count),
    api_calls_allowed: orNull(count),
    drift: { type: 'array', items: driftNote },
    peak_rss_bytes: count,
    sum: object({ read: count, accounted_for: count, holds: { type: 'boolean' } }),
    steps: { type: 'array', items: step },
    error,
  });
}

export const LINT = object({
  files: count,
  problems: {
    type: 'array',
    items: object({
      file: text,
      line: { type: 'integer', minimum: 1 },
      column: { type: 'integer', minimum: 1 },
      rule: text,
      severity: { enum: ['error', 'warning'] },
      message: text,
      suggestion: orNull(text),
    }),
  },
});

export const FAILURE = object({
  status: { type: 'integer', minimum: 1 },
  code: { type: 'string', pattern: '^[A-Z_]+$' },
  message: text,
  actions: { type: 'array', items: text, minItems: 1 },
  details: {},
});

/** The envelope of a command that did what it was asked. */
export function success(result: object): object {
  return object({ status: { const: 0 }, result, warnings: { type: 'array', items: text } });
}
