import type { ErrorObject } from 'ajv/dist/2020.js';

/** What people write for a type who know other databases, or the org. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  string: 'string(255)',
  varchar: 'string(255)',
  char: 'string(255)',
  int: 'integer',
  number: 'numeric',
  decimal: 'numeric',
  double: 'float',
  real: 'float',
  bool: 'boolean',
  checkbox: 'boolean',
  datetime: 'timestamp',
  timestamptz: 'timestamp',
  picklist: 'enum',
  jsonb: 'json',
};

/** What was meant by a type of a table file that we do not have. */
export function typeHint({ keyword, data, instancePath }: ErrorObject): string | null {
  if (keyword !== 'pattern' || typeof data !== 'string' || !/^\/columns\/[^/]*\/type$/u.test(instancePath)) return null;
  if (isCut(data)) return "Within { } a comma ends a text; put the type in quotes: 'numeric(18,2)'.";
  const [, name = '', size = ''] = /^([a-z]+)(\([0-9, ]+\))?$/iu.exec(data) ?? [];
  const ours = OTHER_WORDS[name.toLowerCase()];
  if (ours === undefined) return null;
  return `Did you mean "${size === '' ? ours : ours.replace(/\(.*$/u, '') + size}"?`;
}

/** `2)`, which `{ type: numeric(18,2) }` leaves as a key of its own: it is told at the type. */
export function isRestOfType(error: ErrorObject, errors: readonly ErrorObject[]): boolean {
  const key: unknown = error.params['additionalProperty'];
  if (typeof key !== 'string' || !/^[0-9]+\)$/u.test(key)) return false;
  const type = `${error.instancePath}/type`;
  return errors.some(({ instancePath, data }) => instancePath === type && typeof data === 'string' && isCut(data));
}

function isCut(type: string): boolean {
  return /^[a-z]+\([0-9]+$/u.test(type);
}
