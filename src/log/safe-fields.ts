import { errorFields } from './error-fields.ts';

/**
 * Fields whose text may be logged: names from the configuration, ids, codes and places. Text under any other name is
 * hidden, so a new field that carries a record's value cannot leak before somebody has thought about it here.
 */
const TEXT_FIELDS = new Set([
  'action',
  'api',
  'apiVersion',
  'auth',
  'code',
  'column',
  'command',
  'constraint',
  'environment',
  'event',
  'file',
  'host',
  'instanceUrl',
  'job',
  'kind',
  'link',
  'locator',
  'loginUrl',
  'mapping',
  'method',
  'mode',
  'node',
  'object',
  'orgId',
  'path',
  'phase',
  'platform',
  'project',
  'rule',
  'run',
  'schema',
  'signal',
  'slice',
  'sqlState',
  'stage',
  'state',
  'status',
  'step',
  'table',
  'version',
  'watermark',
  'what',
]);

const HIDDEN = '[hidden]';

/** The fields of one log line with every text under an unknown name hidden. Numbers and booleans pass. */
export function safeFields(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, safeValue(name, value)]));
}

function safeValue(name: string, value: unknown): unknown {
  if (value instanceof Error) return errorFields(value);
  // The logger has already taken an error apart under this name.
  if (name === 'err' || name === 'error') return isErrorFields(value) ? value : HIDDEN;
  switch (typeof value) {
    case 'number':
    case 'boolean':
    case 'undefined':
      return value;
    case 'bigint':
      return Number(value);
    case 'string':
      return TEXT_FIELDS.has(name) ? withoutSecrets(value) : HIDDEN;
    case 'object':
      if (value === null) return null;
      if (value instanceof Date) return value.toISOString();
      if (Array.isArray(value)) return value.map((item) => safeValue(name, item));
      return safeFields(value);
    case 'function':
    case 'symbol':
      return HIDDEN;
  }
}

function isErrorFields(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'name' in value && 'at' in value;
}

/** An address may carry a user and a password, or a token in its query. */
function withoutSecrets(text: string): string {
  return text.replace(/\/\/[^/@\s]*@/g, '//').replace(/\?.*$/s, '');
}
