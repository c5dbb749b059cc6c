import type { Table } from './data/table.ts';
import { Problem } from './http/problem.ts';
import { fieldOf, kindOf, type FieldSchema, type Value } from './schema/object-schema.ts';

/** A value as a caller may give it: date-times as ISO text or milliseconds. */
export type GivenValues = Readonly<Record<string, Value>>;

/**
 * Values under the names by which they are stored.
 * @throws Problem INVALID_FIELD, JSON_PARSER_ERROR
 */
export function storedValues(table: Table, values: GivenValues): Record<string, Value> {
  const stored: Record<string, Value> = {};
  for (const [name, value] of Object.entries(values)) {
    const field = fieldOf(table.whole, name);
    if (field === undefined || kindOf(field.type) === 'compound') {
      throw new Problem(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${table.whole.name}`);
    }
    stored[storedName(field)] = storedValue(field, value);
  }
  return stored;
}

export function storedName(field: FieldSchema): string {
  return field.stored?.name ?? field.name;
}

function storedValue(field: FieldSchema, value: Value): Value {
  const kind = kindOf(field.type);
  if (value === null || (value === '' && kind !== 'text')) return null;
  if (kind === 'datetime') {
    const time = typeof value === 'string' ? Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) : Number(value);
    if (!Number.isNaN(time)) return time;
  } else if (kind === 'number') {
    if (typeof value === 'number') return value;
  } else if (kind === 'boolean') {
    if (typeof value === 'boolean') return value;
  } else if (typeof value === 'string' && (kind !== 'date' || /^\d{4}-\d\d-\d\d$/.test(value))) return value;
  throw new Problem(400, 'JSON_PARSER_ERROR', `Cannot deserialize ${field.name}: a ${field.type} is expected`);
}
