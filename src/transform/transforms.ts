import type { RowCode } from '../errors/row-codes.ts';
import { toSalesforceId } from '../flow/salesforce-id.ts';
import { decodeHtml, firstLink, htmlToText, stripHtml } from './html.ts';
import { capitalize, partOf, stripCharacters, titleCase, trim, truncateText, withoutParts } from './text.ts';

/** Tells that a value was changed in a way that its owner should know of; counted, never shown. */
export type Warn = (code: RowCode) => void;

/**
 * One built-in transform with its arguments bound: text in, text out, null for blank. Transforms never fail: what one
 * cannot read it gives back unchanged, and validation refuses it by the column's type.
 */
export type Transform = (value: string | null, warn: Warn) => string | null;

type Arguments = Readonly<Record<string, unknown>>;
type Factory = (args: Arguments) => Transform;

const onText =
  (change: (value: string) => string | null): Factory =>
  () =>
    ofText(change);

const ofText =
  (change: (value: string) => string | null): Transform =>
  (value) =>
    value === null ? null : change(value);

/** Built-in transforms by the name that the YAML uses; names and arguments are declared in config/transform-names.ts. */
export const TRANSFORMS: Readonly<Record<string, Factory>> = {
  trim: onText(trim),
  collapse_spaces: onText((value) => trim(value.replaceAll(/\s+/gu, ' '))),
  lower: onText((value) => value.toLowerCase()),
  upper: onText((value) => value.toUpperCase()),
  capitalize: onText(capitalize),
  title_case: onText(titleCase),
  strip: (args) => ofText(stripCharacters(String(args['characters']))),
  truncate: (args) => {
    const length = Number(args['length']);
    return (value, warn) => {
      if (value === null || value.length <= length) return value;
      const shortened = truncateText(value, length);
      if (shortened !== value) warn('VALUE_TOO_LONG');
      return shortened;
    };
  },
  prefix: (args) => ofText((value) => textOf(args) + value),
  suffix: (args) => ofText((value) => value + textOf(args)),
  only_prefix: ({ prefix }) => ofText((value) => (value.startsWith(String(prefix)) ? value : null)),
  replace: ({ from, to }) => {
    const old = String(from);
    const by = typeof to === 'string' ? to : '';
    return ofText((value) => value.replaceAll(old, () => by) || null);
  },
  replace_start: ({ from, to }) => {
    const old = String(from);
    const by = typeof to === 'string' ? to : '';
    return ofText((value) => (value.startsWith(old) ? by + value.slice(old.length) : value) || null);
  },
  split_first: ({ separator }) =>
    ofText((value) => partOf(value, { separator: String(separator), part: 1, fromEnd: false })),
  split_part: ({ separator, part, from_end }) => {
    const wanted = { separator: String(separator), part: Number(part), fromEnd: from_end === true };
    return ofText((value) => partOf(value, wanted));
  },
  drop_parts: ({ separator, count, from_end }) => {
    const wanted = { separator: String(separator), count: Number(count), fromEnd: from_end === true };
    return ofText((value) => withoutParts(value, wanted));
  },
  digits: onText((value) => trim(value.replaceAll(/\D/gu, ''))),
  strip_html: onText(stripHtml),
  decode_html: onText(decodeHtml),
  html_to_text: onText(htmlToText),
  first_link: onText(firstLink),
  integer: onText(truncateToInteger),
  grade: ({ pk }) => {
    const early = typeof pk === 'number' ? String(pk) : null;
    return ofText((value) => gradeOf(value, early));
  },
  clamp: ({ min, max }) => {
    const low = typeof min === 'number' ? min : -Infinity;
    const high = typeof max === 'number' ? max : Infinity;
    return ofText((value) => {
      const number = numberOf(value);
      return number === null || (number >= low && number <= high) ? value : String(number < low ? low : high);
    });
  },
  positive: onText((value) => ((numberOf(value) ?? 1) > 0 ? value : null)),
  boolean: onText((value) => (/^\s*(?:true|yes|y|t|1)\s*$/iu.test(value) ? 'true' : 'false')),
  date: onText((value) => /^\s*(\d{4}-\d{2}-\d{2})(?:[T ].*)?$/u.exec(value)?.[1] ?? value),
  datetime: onText(trim),
  salesforce_id: onText((value) => toSalesforceId(value) ?? value),
  default: (args) => {
    const fallback = String(args['value']);
    return (value) => value ?? fallback;
  },
  null_if: ({ values }) => {
    const blank = new Set((Array.isArray(values) ? values : [values]).map(String));
    return ofText((value) => (blank.has(value) ? null : value));
  },
};

function textOf({ text }: Arguments): string {
  return String(text);
}

/** Null for what is no finite number. */
function numberOf(value: string): number | null {
  const number = Number(value);
  return value.trim() === '' || !Number.isFinite(number) ? null : number;
}

/** `9.0` and `9.7` become `9`; what is not a number stays as it is. */
function truncateToInteger(value: string): string {
  const number = numberOf(value);
  // Minus zero is written `0`, and large numbers without an exponent as far as they are exact.
  return number === null ? value : String(Math.trunc(number) + 0);
}

function gradeOf(value: string, early: string | null): string {
  if (/^\s*k(?:indergarten)?\s*$/iu.test(value)) return '0';
  if (early !== null && /^\s*(?:pk|pre-?k(?:indergarten)?)\s*$/iu.test(value)) return early;
  return truncateToInteger(value);
}
