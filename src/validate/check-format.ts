import isEmail from 'validator/lib/isEmail.js';
import isURL from 'validator/lib/isURL.js';
import type { ColumnMapping } from '../config/mapping.ts';
import { toSalesforceId } from '../flow/salesforce-id.ts';
import type { Refusal, TypeCheck } from './check-type.ts';

const BAD_EMAIL: Refusal = Object.freeze({ code: 'INVALID_EMAIL' });
const BAD_PHONE: Refusal = Object.freeze({ code: 'INVALID_PHONE' });
const BAD_FORMAT: Refusal = Object.freeze({ code: 'INVALID_FORMAT' });

// What nearly every address looks like; anything else is left to the library, which is ten times slower.
const PLAIN_EMAIL = /^[a-z\d]+(?:[._-][a-z\d]+)*@(?:[a-z\d]{1,60}\.){1,3}[a-z]{2,20}$/u;

/** Formats that the YAML may name for a column, each over a trimmed or untrimmed text. */
export const FORMAT_CHECKS: Readonly<Record<NonNullable<ColumnMapping['format']>, TypeCheck>> = {
  email: (text) => ((text.length <= 64 && PLAIN_EMAIL.test(text)) || isEmail.default(text) ? text : BAD_EMAIL),
  phone: (text) => (isPhone(text) ? text : BAD_PHONE),
  url: (text) => (isURL.default(text, { require_protocol: true, protocols: ['http', 'https'] }) ? text : BAD_FORMAT),
  salesforce_id: (text) => toSalesforceId(text) ?? BAD_FORMAT,
};

/** Seven to fifteen digits among the marks that people write between them, and perhaps an extension. */
function isPhone(text: string): boolean {
  if (!/^[\d\s()+./-]+(?:\s*(?:x|ext\.?)\s*\d{1,6})?$/iu.test(text)) return false;
  const digits = text.replace(/(?:x|ext\.?)\s*\d{1,6}$/iu, '').replaceAll(/\D/gu, '').length;
  return digits >= 7 && digits <= 15;
}
