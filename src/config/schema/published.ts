type Json = Readonly<Record<string, unknown>>;

/** The schema as editors and Ajv see it: in every map whose keys we name, keys that begin with `x-` are free. */
export function publishedSchema(schema: object): Json {
  return walk(schema as Json);
}

function walk(schema: Json): Json {
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, copyPart(key, value)]));
  const named = schema['additionalProperties'] === false || schema['propertyNames'] !== undefined;
  return named ? { ...copy, patternProperties: { '^x-': {} } } : copy;
}

function copyPart(key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (key === 'properties') {
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, walk(part as Json)]));
  }
  return key === 'items' || key === 'additionalProperties' ? walk(value as Json) : value;
}
