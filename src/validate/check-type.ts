import type { Check, Column, ColumnType } from '../config/table.ts';
import type { RowCode } from '../errors/row-codes.ts';
import { characters } from '../expression/characters.ts';

/** A refusal; one frozen object a code, so that a bad value costs no allocation. */
export interface Refusal {
  readonly code: RowCode;
  /** The check that refused, where it has a name. */
  readonly rule?: string;
}

/** From text to the text that the column takes, or a refusal. What passes here the database does not refuse. */
export type TypeCheck = (text: string) => string | Refusal;

const refusal = (code: RowCode): Refusal => Object.freeze({ code });

const BAD_NUMBER = refusal('INVALID_NUMBER');
const BAD_RANGE = refusal('OUT_OF_RANGE');
const BAD_BOOLEAN = refusal('INVALID_BOOLEAN');
const BAD_DATE = refusal('INVALID_DATE');
const BAD_ENUM = refusal('INVALID_ENUM');
const BAD_FORMAT = refusal('INVALID_FORMAT');
const BAD_TEXT = refusal('INVALID_TEXT');
const TOO_LONG = refusal('VALUE_TOO_LONG');

const INTEGER_LIMITS = {
  smallint: [-(2n ** 15n), 2n ** 15n - 1n],
  integer: [-(2n ** 31n), 2n ** 31n - 1n],
  bigint: [-(2n ** 63n), 2n ** 63n - 1n],
} as const;

/** Compiles the check of one column: type, length, range. Nullability is the caller's. */
export function compileTypeCheck(column: Column): TypeCheck {
  const check = checkOfType(column.type);
  return column.check === null ? check : within(check, column.check);
}

function checkOfType(type: ColumnType): TypeCheck {
  switch (type.kind) {
    case 'string':
      return (text) => checkLength(text, type.length);
    case 'text':
      return (text) => (text.isWellFormed() ? text : BAD_TEXT);
    case 'integer':
    case 'bigint':
      return (text) => checkInteger(text, type.dbType === 'smallint' ? 'smallint' : type.kind);
    case 'numeric':
      return (text) => checkNumeric(text, type.precision, type.scale);
    case 'float':
      return (text) => (isNumber(text) ? text.trim() : BAD_NUMBER);
    case 'boolean':
      return checkBoolean;
    case 'date':
      return checkDate;
    case 'timestamp':
      return checkTimestamp;
    case 'enum': {
      const allowed = new Set(type.values);
      return (text) => (allowed.has(text) ? text : BAD_ENUM);
    }
    case 'json':
      return checkJson;
    case 'uuid':
      return (text) => (/^[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}$/iu.test(text) ? text : BAD_FORMAT);
  }
}

function checkLength(text: string, length: number): string | Refusal {
  if (!text.isWellFormed()) return BAD_TEXT;
  // JavaScript counts UTF-16 units and PostgreSQL code points: only a text that is too long in units needs a count.
  return text.length <= length || characters(text) <= length ? text : TOO_LONG;
}

function checkInteger(text: string, kind: keyof typeof INTEGER_LIMITS): string | Refusal {
  // Salesforce sends every number as a double: `9.0` is nine, `9.5` is no integer.
  const digits = /^\s*([+-]?\d+)(?:\.0*)?\s*$/u.exec(text)?.[1] ?? integerFromExponent(text);
  if (digits === null) return BAD_NUMBER;
  if (digits.length < (kind === 'smallint' ? 5 : 10)) return digits;
  const value = BigInt(digits);
  const [min, max] = INTEGER_LIMITS[kind];
  return value >= min && value <= max ? digits : BAD_RANGE;
}

/** `1.2E7`, as JSON writes large doubles. */
function integerFromExponent(text: string): string | null {
  const value = isNumber(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? String(value) : null;
}

function isNumber(text: string): boolean {
  return /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?\s*$/iu.test(text) && Number.isFinite(Number(text));
}

function checkNumeric(text: string, precision: number | null, scale: number | null): string | Refusal {
  if (!isNumber(text)) return BAD_NUMBER;
  if (precision === null) return text.trim();
  const rounded = Math.abs(Number(text));
  return rounded < 10 ** (precision - (scale ?? 0)) - 0.5 * 10 ** -(scale ?? 0) ? text.trim() : BAD_RANGE;
}

function checkBoolean(text: string): string | Refusal {
  if (text === 'true' || text === 'false') return text;
  const lower = text.trim().toLowerCase();
  return lower === 'true' || lower === 'false' ? lower : BAD_BOOLEAN;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** `YYYY-MM-DD`, also as the first part of a date-time: the calendar date as written, its offset left aside. */
function checkDate(text: string): string | Refusal {
  const match = /^\s*(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2})?.*)?\s*$/u.exec(text);
  if (match === null || !isDay(Number(match[1]), Number(match[2]), Number(match[3]))) return BAD_DATE;
  return `${match[1]}-${match[2]}-${match[3]}`;
}

function isDay(year: number, month: number, day: number): boolean {
  const days = DAYS[month - 1];
  if (year === 0 || days === undefined || day === 0) return false;
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= days + (leap ? 1 : 0);
}

function checkTimestamp(text: string): string | Refusal {
  const match =
    /^\s*(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?(?:\d{2})?)?)?\s*$/iu.exec(
      text,
    );
  if (match === null || !isDay(Number(match[1]), Number(match[2]), Number(match[3]))) return BAD_DATE;
  return Number(match[4] ?? 0) < 24 && Number(match[5] ?? 0) < 60 && Number(match[6] ?? 0) < 60
    ? text.trim()
    : BAD_DATE;
}

function checkJson(text: string): string | Refusal {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return BAD_FORMAT;
  }
}

function within(check: TypeCheck, range: Check): TypeCheck {
  return (text) => {
    const value = check(text);
    if (typeof value !== 'string') return value;
    const number = Number(value);
    const low = range.min === null || (range.minExclusive ? number > range.min : number >= range.min);
    const high = range.max === null || (range.maxExclusive ? number < range.max : number <= range.max);
    return low && high ? value : BAD_RANGE;
  };
}
