import type { ColumnType } from '../config/table.ts';
import { longest, typeSql } from './column-sql.ts';

/**
 * How a column's type in the database stands to the one in the table file.
 * - `same`
 * - `wider`: it takes every value of the file's type, and others
 * - `narrower`: it would take every value if it were widened, and nothing is lost by that
 * - `other`: changing it may lose or refuse values
 */
export type TypeFit = 'same' | 'wider' | 'narrower' | 'other';

export function typeFit(wanted: ColumnType, live: string): TypeFit {
  const sql = typeSql(wanted);
  if (sql === live) return 'same';
  const from = parse(live);
  const to = parse(sql);
  if (isText(from) && isText(to)) {
    // An enum's values are what must fit, whatever room there is for later ones.
    const needed = wanted.kind === 'enum' ? longest(wanted.values) : lengthOf(to);
    if (wanted.kind === 'enum' && lengthOf(from) >= needed) return 'same';
    if (from.name !== 'citext' && to.name !== 'citext' && lengthOf(from) === lengthOf(to)) return 'same';
    return lengthOf(from) >= needed ? 'wider' : 'narrower';
  }
  if (isWhole(from) && isWhole(to)) return digitsOf(from) >= digitsOf(to) ? 'wider' : 'narrower';
  if (from.name === 'numeric' && to.name === 'numeric') return numericFit(from, to);
  if (from.name === 'numeric' && from.first === null && isWhole(to)) return 'wider';
  if (wanted.kind === 'json' && from.name === 'json') return 'same';
  return 'other';
}

interface Parsed {
  readonly name: string;
  readonly first: number | null;
  readonly second: number | null;
}

/** Takes `numeric(10,2)` apart. */
function parse(sql: string): Parsed {
  const [, name = sql, first, second] = /^([^()]+)\((\d+)(?:,(\d+))?\)$/.exec(sql) ?? [];
  return {
    name,
    first: first === undefined ? null : Number(first),
    second: second === undefined ? null : Number(second),
  };
}

function isText({ name }: Parsed): boolean {
  return name === 'text' || name === 'character varying' || name === 'citext';
}

function lengthOf({ first }: Parsed): number {
  return first ?? Number.POSITIVE_INFINITY;
}

const WHOLE_DIGITS: Readonly<Record<string, number>> = { smallint: 4, integer: 9, bigint: 18 };

function isWhole({ name }: Parsed): boolean {
  return name in WHOLE_DIGITS;
}

function digitsOf({ name }: Parsed): number {
  return WHOLE_DIGITS[name] ?? 0;
}

function numericFit(from: Parsed, to: Parsed): TypeFit {
  if (from.first === null) return 'wider';
  if (to.first === null) return 'narrower';
  const whole = (type: Parsed): number => (type.first ?? 0) - (type.second ?? 0);
  const fraction = (type: Parsed): number => type.second ?? 0;
  if (whole(from) >= whole(to) && fraction(from) >= fraction(to)) return 'wider';
  if (whole(from) <= whole(to) && fraction(from) <= fraction(to)) return 'narrower';
  return 'other';
}
