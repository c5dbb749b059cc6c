import { isRecord } from '../is-record.ts';

/** The schema as editors and Ajv see it: in every map whose keys we name, keys that begin with `x-` are free. */
export function publishedSchema(schema: object): Record<string, unknown> {
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, copyPart(key, value)]));
  const named = copy['additionalProperties'] === false || copy['propertyNames'] !== undefined;
  return named ? { ...copy, patternProperties: { '^x-': {} } } : copy;
}

function copyPart(key: string, value: unknown): unknown {
  if (!isRecord(value)) return value;
  if (key === 'items' || key === 'additionalProperties') return publishedSchema(value);
  if (key !== 'properties') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, isRecord(part) ? publishedSchema(part) : part]),
  );
}
