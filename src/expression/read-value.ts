import { readDate, readTimestamp, timestampText } from './dates.ts';
import type { Type, Value } from './kinds.ts';
import { ExpressionFailure } from './problem.ts';
import type { ExpressionKind } from './scope.ts';

const INTEGER = /^\s*[+-]?\d+(?:\.0*)?\s*$/;
const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?\s*$/i;

/** From PostgreSQL's text form to a value of that kind; undefined when the text is none. */
export type ReadText = (text: string) => Value | undefined;

export const READ_TEXT: Readonly<Record<ExpressionKind, ReadText>> = {
  text: (text) => text,
  json: (text) => text,
  // Salesforce sends every number as a double: `9.0` is nine.
  integer: (text) => (INTEGER.test(text) ? exact(Number(text)) : wholeNumber(text)),
  number: (text) => (NUMBER.test(text) ? exact(Number(text)) : undefined),
  boolean: (text) => TRUTHS.get(text) ?? TRUTHS.get(text.trim().toLowerCase()),
  date: (text) => readDate(text) ?? undefined,
  timestamp: (text) => readTimestamp(text) ?? undefined,
};

/** The words that Salesforce and people write for true and false; the first two are what the database takes. */
const TRUTHS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['t', true],
  ['f', false],
  ['yes', true],
  ['no', false],
  ['y', true],
  ['n', false],
  ['on', true],
  ['off', false],
  ['1', true],
  ['0', false],
]);

/** `1.2E7` */
function wholeNumber(text: string): number | undefined {
  const value = NUMBER.test(text) ? exact(Number(text)) : undefined;
  return Number.isInteger(value) ? value : undefined;
}

/** @throws ExpressionFailure past 2^53, where doubles skip whole numbers */
function exact(value: number): number {
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
  throw new ExpressionFailure('a number is too large to compute with exactly');
}

/** From a value to PostgreSQL's text form. */
export type WriteText = (value: Value) => string | null;

export function textWriter(type: Type): WriteText {
  return type === 'timestamp' ? timestampTextOf : plainText;
}

/** @returns null for lists, which have no text form: the check of types keeps them away */
function plainText(value: Value): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function timestampTextOf(value: Value): string | null {
  return typeof value === 'string' ? timestampText(value) : null;
}

/** Whether a value says nothing: null, white space, a list without items. */
export function isBlank(value: Value): boolean {
  if (value === null) return true;
  return typeof value === 'string' ? !/\S/u.test(value) : Array.isArray(value) && value.length === 0;
}
