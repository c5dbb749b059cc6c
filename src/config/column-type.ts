import type { Check, ColumnType } from './table.ts';

/** Reads `string(80)`, `numeric(10,2)`, `date`; the schema has checked the form. */
export function columnType(text: string, values: readonly string[]): ColumnType {
  const [, name = '', first, second] = /^([a-z]+)(?:\(([0-9]+)(?:, *([0-9]+))?\))?$/u.exec(text) ?? [];
  switch (name) {
    case 'string':
      return { kind: 'string', length: Number(first) };
    case 'numeric':
      return first === undefined
        ? { kind: 'numeric', precision: null, scale: null }
        : { kind: 'numeric', precision: Number(first), scale: Number(second) };
    case 'enum':
      return { kind: 'enum', values };
    case 'text':
    case 'integer':
    case 'bigint':
    case 'float':
    case 'boolean':
    case 'date':
    case 'timestamp':
    case 'json':
    case 'uuid':
      return { kind: name };
    default:
      throw new RangeError(`no such column type: ${text}`);
  }
}

/** The type as a person writes it in a table file. */
export function typeText(type: ColumnType): string {
  if (type.kind === 'string') return `string(${type.length})`;
  if (type.kind === 'numeric' && type.precision !== null) return `numeric(${type.precision},${type.scale ?? 0})`;
  return type.kind;
}

export function isNumber(type: ColumnType): boolean {
  return type.kind === 'integer' || type.kind === 'bigint' || type.kind === 'numeric' || type.kind === 'float';
}

const NUMBER = String.raw`(-?\d+(?:\.\d+)?)`;
const BETWEEN = new RegExp(String.raw`^\s*between\s+${NUMBER}\s+and\s+${NUMBER}\s*$`, 'iu');
const BOUNDS = new RegExp(String.raw`^\s*(>=?|<=?)\s*${NUMBER}(?:\s+and\s+(>=?|<=?)\s*${NUMBER})?\s*$`, 'iu');

/** Reads `between 0 and 12`, `>= 0`, `> 0 and < 10`; null when it is none of these or no number can fit. */
export function rangeCheck(text: string): Check | null {
  const between = BETWEEN.exec(text);
  if (between)
    return possible({ min: Number(between[1]), max: Number(between[2]), minExclusive: false, maxExclusive: false });
  const bounds = BOUNDS.exec(text);
  if (!bounds) return null;
  const [, firstSign = '', first, secondSign, second] = bounds;
  if (secondSign !== undefined && firstSign.charAt(0) === secondSign.charAt(0)) return null;
  const all = [
    { sign: firstSign, value: Number(first) },
    ...(secondSign ? [{ sign: secondSign, value: Number(second) }] : []),
  ];
  const lower = all.find(({ sign }) => sign.startsWith('>'));
  const upper = all.find(({ sign }) => sign.startsWith('<'));
  return possible({
    min: lower?.value ?? null,
    max: upper?.value ?? null,
    minExclusive: lower?.sign === '>',
    maxExclusive: upper?.sign === '<',
  });
}

function possible(check: Check): Check | null {
  if (check.min === null || check.max === null) return check;
  const open = check.minExclusive || check.maxExclusive;
  return check.min < check.max || (check.min === check.max && !open) ? check : null;
}
