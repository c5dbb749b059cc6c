import { isFractional, type FieldType, type Value } from '../schema/object-schema.ts';

/** Prints one value as the REST API does: doubles as 9.0, date-times with +0000. */
export function jsonPrinter(type: FieldType): (value: Value) => string {
  if (isFractional(type)) return (value) => (typeof value === 'number' ? doubleText(value) : 'null');
  if (type === 'datetime') return (value) => (typeof value === 'number' ? `"${restDateTime(value)}"` : 'null');
  return (value) => (value === null || value === '' ? 'null' : JSON.stringify(value));
}

export function doubleText(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

export function restDateTime(milliseconds: number): string {
  return `${bulkDateTime(milliseconds).slice(0, -1)}+0000`;
}

export function bulkDateTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
