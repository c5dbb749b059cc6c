import { characters } from '../expression/characters.ts';
import { isNumber, typeText } from './column-type.ts';
import type { Check, Column, ColumnType } from './table.ts';

const INTEGERS = {
  smallint: [-32_768n, 32_767n],
  integer: [-2_147_483_648n, 2_147_483_647n],
  bigint: [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
} as const;

/**
 * Why a constant of the YAML cannot stand in this column, as the end of a sentence; null when it can. Values of records
 * are judged elsewhere, by compiled checks.
 */
export function misfit(text: string, column: Pick<Column, 'type' | 'check'>): string | null {
  const { type, check } = column;
  const reason = typeMisfit(text, type);
  if (reason !== null || check === null || !isNumber(type)) return reason;
  return inRange(Number(text), check) ? null : `is outside the range of the column (${rangeText(check)})`;
}

function typeMisfit(text: string, type: ColumnType): string | null {
  const no = `does not fit the type ${typeText(type)}`;
  switch (type.kind) {
    case 'string': {
      const length = characters(text);
      return length > type.length ? `has ${length} characters, the column holds ${type.length}` : null;
    }
    case 'enum':
      // Without values the table file is wrong, and that is told there.
      return type.values.length === 0 || type.values.includes(text)
        ? null
        : `is not among the values of the column (${type.values.join(', ')})`;
    case 'integer':
    case 'bigint': {
      if (!/^-?\d+$/u.test(text)) return no;
      const [min, max] = INTEGERS[type.dbType === 'smallint' ? 'smallint' : type.kind];
      const number = BigInt(text);
      return number < min || number > max ? no : null;
    }
    case 'numeric': {
      const [, whole, fraction = ''] = /^-?0*(\d*)(?:\.(\d+))?$/u.exec(text) ?? [];
      if (whole === undefined || text === '') return no;
      if (type.precision === null || type.scale === null) return null;
      return whole.length > type.precision - type.scale || fraction.length > type.scale ? no : null;
    }
    case 'float':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? null : no;
    case 'boolean':
      return text === 'true' || text === 'false' ? null : no;
    case 'date':
      return /^\d{4}-\d{2}-\d{2}$/u.test(text) && isDay(text) ? null : no;
    case 'timestamp':
      return /^\d{4}-\d{2}-\d{2}([T ].+)?$/u.test(text) && isDay(text.slice(0, 10)) && !Number.isNaN(Date.parse(text))
        ? null
        : no;
    case 'uuid':
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.test(text) ? null : no;
    case 'json':
      return isJson(text) ? null : no;
    case 'text':
      break;
  }
  return null;
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  // JavaScript makes 2 March of 30 February.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function inRange(value: number, { min, max, minExclusive, maxExclusive }: Check): boolean {
  if (min !== null && (minExclusive ? value <= min : value < min)) return false;
  return max === null || (maxExclusive ? value < max : value <= max);
}

function rangeText({ min, max, minExclusive, maxExclusive }: Check): string {
  const lower = min === null ? [] : [`${minExclusive ? '>' : '>='} ${min}`];
  const upper = max === null ? [] : [`${maxExclusive ? '<' : '<='} ${max}`];
  return [...lower, ...upper].join(' and ');
}
