import type { ExpressionKind } from './scope.ts';

/** What a part of an expression gives. Anything may also be null. */
export type Type = ExpressionKind | 'null' | ListType;

interface ListType {
  readonly list: Type;
}

/**
 * A value while it is computed with. Dates are `YYYY-MM-DD` and timestamps `YYYY-MM-DDTHH:MM:SS.ffffffZ`, so both
 * compare as texts; integers and numbers are the same, doubles.
 */
export type Value = string | number | boolean | null | readonly Value[];

export function isList(type: Type): type is ListType {
  return typeof type === 'object';
}

/** The type that can hold both; null when none can. Whole numbers fit among numbers, null fits everywhere. */
export function commonType(a: Type, b: Type): Type | null {
  if (a === b || b === 'null') return a;
  if (a === 'null') return b;
  if (isNumeric(a) && isNumeric(b)) return 'number';
  if (!isList(a) || !isList(b)) return null;
  const item = commonType(a.list, b.list);
  return item === null ? null : { list: item };
}

export function isNumeric(type: Type): boolean {
  return type === 'integer' || type === 'number';
}

/** As a sentence names it: `a date`. */
export function typeText(type: Type): string {
  if (isList(type)) return type.list === 'null' ? 'a list' : `a list of ${PLURAL[scalarOf(type.list)]}`;
  return SINGULAR[type];
}

function scalarOf(type: Type): ExpressionKind | 'null' | 'list' {
  return isList(type) ? 'list' : type;
}

const SINGULAR = {
  text: 'text',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  date: 'a date',
  timestamp: 'a timestamp',
  json: 'JSON',
  null: 'null',
} as const;

const PLURAL = {
  text: 'texts',
  integer: 'integers',
  number: 'numbers',
  boolean: 'truths',
  date: 'dates',
  timestamp: 'timestamps',
  json: 'JSON',
  null: 'nulls',
  list: 'lists',
} as const;

// The type check has decided what arrives at run time; these say so to the compiler and hold it to that.

export function asText(value: Value): string {
  if (typeof value === 'string') return value;
  throw new TypeError('the check of types let something through that is no text');
}

export function asNumber(value: Value): number {
  if (typeof value === 'number') return value;
  throw new TypeError('the check of types let something through that is no number');
}

export function asList(value: Value): readonly Value[] {
  if (typeof value === 'object' && value !== null) return value;
  throw new TypeError('the check of types let something through that is no list');
}
