import { rangeCheck } from '../config/column-type.ts';
import type { Check } from '../config/table.ts';
import { readSql, type SqlExpression } from './sql-expression.ts';

/** What a CHECK constraint says, where a table file can say it too: a range, or the allowed values of one column. */
export interface LiveRule {
  readonly column: string;
  /** As a table file writes it: `between 0 and 12`. */
  readonly range: string | null;
  readonly values: readonly string[] | null;
}

/** @param expression  as `pg_get_expr` prints it. @returns null for one that a table file cannot say */
export function readRule(expression: string): LiveRule | null {
  const read = readSql(expression);
  if (read === null) return null;
  const rule = withoutNullTest(read);
  return valuesOf(rule) ?? rangeOf(rule);
}

/** Null passes a CHECK anyhow, so `x IS NULL OR x > 0` says no more than `x > 0`. */
function withoutNullTest(expression: SqlExpression): SqlExpression {
  if (expression.kind !== 'or') return expression;
  const others = expression.parts.filter((part) => part.kind !== 'is_null' || part.not);
  const [only, ...more] = others;
  if (only === undefined) return expression;
  return more.length === 0 ? only : { kind: 'or', parts: others };
}

/** `x = ANY (ARRAY['a', 'b'])`, `x = 'a'`, `x = 'a' OR x = 'b'`. */
function valuesOf(expression: SqlExpression): LiveRule | null {
  if (expression.kind === 'or') {
    const rules = expression.parts.map((part) => valuesOf(part));
    const [first] = rules;
    const alike = rules.every((rule) => rule !== null && rule.column === first?.column);
    if (first === undefined || first === null || !alike) return null;
    return { ...first, values: [...new Set(rules.flatMap((rule) => rule?.values ?? []))] };
  }
  if (expression.kind !== 'compare') return null;
  const column = columnIn(expression.left);
  const right = withoutCasts(expression.right);
  const items = expression.sign === '= any' && right.kind === 'list' ? right.items : [right];
  const isList = expression.sign === '=' || right.kind === 'list';
  const texts = items.map((item) => textIn(item));
  if (column === null || !isList || !expression.sign.startsWith('=') || texts.length === 0) return null;
  const values = texts.filter((text) => text !== null);
  return values.length === texts.length ? { column, range: null, values: [...new Set(values)] } : null;
}

const FLIPPED: Readonly<Record<string, string>> = { '>=': '<=', '<=': '>=', '>': '<', '<': '>' };

/** `x >= 0`, `x >= 0 AND x <= 12`, also with the number on the left. */
function rangeOf(expression: SqlExpression): LiveRule | null {
  const parts = expression.kind === 'and' ? expression.parts : [expression];
  const bounds = parts.map((part) => boundOf(part));
  const [first, second, ...more] = bounds;
  if (first === undefined || first === null || second === null || more.length > 0) return null;
  if (second === undefined) return checked(first.column, `${first.sign} ${first.number}`);
  if (second.column !== first.column) return null;
  const [low, high] = first.sign.startsWith('>') ? [first, second] : [second, first];
  if (low.sign === '>=' && high.sign === '<=') return checked(first.column, `between ${low.number} and ${high.number}`);
  return checked(first.column, `${low.sign} ${low.number} and ${high.sign} ${high.number}`);
}

function checked(column: string, range: string): LiveRule | null {
  return rangeCheck(range) === null ? null : { column, range, values: null };
}

function boundOf(part: SqlExpression): { column: string; sign: string; number: string } | null {
  if (part.kind !== 'compare') return null;
  const flip = columnIn(part.left) === null;
  const column = columnIn(flip ? part.right : part.left);
  const number = numberIn(flip ? part.left : part.right);
  const sign = flip ? FLIPPED[part.sign] : part.sign;
  if (column === null || number === null || sign === undefined || !(sign in FLIPPED)) return null;
  return { column, sign, number };
}

function withoutCasts(expression: SqlExpression): SqlExpression {
  return expression.kind === 'cast' ? withoutCasts(expression.input) : expression;
}

function columnIn(expression: SqlExpression): string | null {
  const inner = withoutCasts(expression);
  return inner.kind === 'name' ? inner.name : null;
}

function textIn(expression: SqlExpression): string | null {
  const inner = withoutCasts(expression);
  return inner.kind === 'constant' && inner.form === 'text' ? inner.text : null;
}

/** Negative numbers are printed in quotes: `'-1'::integer`. */
function numberIn(expression: SqlExpression): string | null {
  const inner = withoutCasts(expression);
  if (inner.kind !== 'constant' || !/^-?\d+(?:\.\d+)?$/.test(inner.text)) return null;
  // A number that JavaScript cannot hold would become another rule.
  const exact = /^-?\d+$/.test(inner.text) ? Number.isSafeInteger(Number(inner.text)) : inner.text.length <= 16;
  return exact ? inner.text : null;
}

/** Whether a constraint that is there holds a column to this range or these values, whatever it is called. */
export function saysSame(live: LiveRule | null, column: string, wanted: Wanted): boolean {
  if (live?.column !== column) return false;
  if (wanted.values !== null) return sameValues(wanted.values, live.values ?? []);
  const range = live.range === null ? null : rangeCheck(live.range);
  const { check } = wanted;
  return (
    range !== null &&
    check !== null &&
    range.min === check.min &&
    range.max === check.max &&
    (range.min === null || range.minExclusive === check.minExclusive) &&
    (range.max === null || range.maxExclusive === check.maxExclusive)
  );
}

/** One of the two. */
interface Wanted {
  readonly check: Check | null;
  readonly values: readonly string[] | null;
}

function sameValues(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value) => b.includes(value));
}
