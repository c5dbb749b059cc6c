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

const DAY = 86_400_000;
const TWO_DIGITS = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));
const dayTexts = new Map<number, string>();

/** The same text as `toISOString()`, at a third of its time: a page holds 50,000 of them and few different days. */
export function bulkDateTime(milliseconds: number): string {
  const day = Math.floor(milliseconds / DAY);
  const within = milliseconds - day * DAY;
  const seconds = Math.floor(within / 1000);
  const hour = TWO_DIGITS[Math.floor(seconds / 3600)] ?? '';
  const minute = TWO_DIGITS[Math.floor(seconds / 60) % 60] ?? '';
  const second = TWO_DIGITS[seconds % 60] ?? '';
  const rest = within % 1000;
  return `${dayText(day)}T${hour}:${minute}:${second}.${rest === 0 ? '000' : String(rest).padStart(3, '0')}Z`;
}

function dayText(day: number): string {
  const known = dayTexts.get(day);
  if (known !== undefined) return known;
  const text = new Date(day * DAY).toISOString().slice(0, -'T00:00:00.000Z'.length);
  if (dayTexts.size < 20_000) dayTexts.set(day, text);
  return text;
}
