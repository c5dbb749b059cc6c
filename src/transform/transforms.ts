import type { RowCode } from '../errors/row-codes.ts';
import { toSalesforceId } from '../flow/salesforce-id.ts';
import { truncateText } from './text.ts';

/** Tells that a value was changed in a way that its owner should know of; counted, never shown. */
export type Warn = (code: RowCode) => void;

/**
 * One built-in transform with its arguments bound: text in, text out, null for blank. Transforms never fail: what one
 * cannot read it gives back unchanged, and validation refuses it by the column's type.
 */
export type Transform = (value: string | null, warn: Warn) => string | null;

type Factory = (args: Readonly<Record<string, unknown>>) => Transform;

const onText =
  (change: (value: string) => string | null): Factory =>
  () =>
  (value) =>
    value === null ? null : change(value);

const trim = (value: string): string | null => {
  const trimmed = value.trim();
  return trimmed === '' ? null : trimmed;
};

/** Built-in transforms by the name that the YAML uses; names and arguments are declared in config/transform-names.ts. */
export const TRANSFORMS: Readonly<Record<string, Factory>> = {
  trim: onText(trim),
  lower: onText((value) => value.toLowerCase()),
  upper: onText((value) => value.toUpperCase()),
  title_case: onText(titleCase),
  collapse_spaces: onText((value) => trim(value.replaceAll(/\s+/gu, ' '))),
  truncate: (args) => {
    const length = Number(args['length']);
    return (value, warn) => {
      if (value === null || value.length <= length) return value;
      const shortened = truncateText(value, length);
      if (shortened !== value) warn('VALUE_TOO_LONG');
      return shortened;
    };
  },
  strip_html: onText((value) => trim(value.replaceAll(/<[^>]*>/gu, '').replaceAll(/\s+/gu, ' '))),
  digits: onText((value) => trim(value.replaceAll(/\D/gu, ''))),
  integer: onText(truncateToInteger),
  grade: onText((value) => (/^\s*k(?:indergarten)?\s*$/iu.test(value) ? '0' : truncateToInteger(value))),
  boolean: onText((value) => (/^\s*(?:true|yes|y|t|1)\s*$/iu.test(value) ? 'true' : 'false')),
  date: onText((value) => /^\s*(\d{4}-\d{2}-\d{2})(?:[T ].*)?$/u.exec(value)?.[1] ?? value),
  datetime: onText((value) => trim(value)),
  salesforce_id: onText((value) => toSalesforceId(value) ?? value),
  replace: (args) => {
    const from = String(args['from']);
    const to = typeof args['to'] === 'string' ? args['to'] : '';
    return (value) => (value === null ? null : value.replaceAll(from, () => to));
  },
  default: (args) => {
    const fallback = String(args['value']);
    return (value) => value ?? fallback;
  },
  null_if: (args) => {
    const values = new Set((Array.isArray(args['values']) ? args['values'] : [args['values']]).map(String));
    return (value) => (value === null || values.has(value) ? null : value);
  },
  split_first: (args) => {
    const separator = String(args['separator']);
    return (value) => (value === null ? null : trim(value.split(separator, 1)[0] ?? ''));
  },
};

/** `9.0` and `9.7` become `9`; what is not a number stays as it is. */
function truncateToInteger(value: string): string {
  const text = value.trim();
  const number = Number(text);
  return text === '' || !Number.isFinite(number) ? value : String(Math.trunc(number));
}

/** Only names without a lower-case letter are rewritten: `O'BRIEN-MCDONALD` becomes `O'Brien-McDonald`. */
function titleCase(value: string): string {
  if (/\p{Ll}/u.test(value)) return value;
  return value.replaceAll(/[^\s'-]+/gu, (piece) => {
    const word = piece.charAt(0).toUpperCase() + piece.slice(1).toLowerCase();
    const prefix = /^(?:Mac|Mc)/u.exec(word)?.[0];
    return prefix === undefined || word.length <= 3 || word.length === prefix.length
      ? word
      : prefix + word.charAt(prefix.length).toUpperCase() + word.slice(prefix.length + 1);
  });
}
