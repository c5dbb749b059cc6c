import type { Column } from '../config/table.ts';
import { readSql, type SqlExpression } from './sql-expression.ts';

/** What a column's DEFAULT in the database gives. */
export type LiveDefault =
  | { readonly kind: 'constant'; readonly text: string }
  /** The time of the write, in UTC. */
  | { readonly kind: 'now' }
  /** The day of the write. */
  | { readonly kind: 'today' }
  | { readonly kind: 'none' }
  /** Something that only the database can work out. */
  | { readonly kind: 'expression' };

/** @param expression  as `pg_get_expr` prints it; null without a default */
export function readDefault(expression: string | null): LiveDefault {
  const read = expression === null ? null : readSql(expression);
  if (expression === null) return { kind: 'none' };
  return read === null ? { kind: 'expression' } : defaultOf(read);
}

const NOW = new Set(['now', 'current_timestamp', 'localtimestamp', 'transaction_timestamp', 'statement_timestamp']);

function defaultOf(expression: SqlExpression): LiveDefault {
  if (expression.kind === 'constant') {
    const isNull = expression.text === 'null' && expression.form === 'word';
    return isNull ? { kind: 'none' } : { kind: 'constant', text: expression.text };
  }
  if (expression.kind === 'cast') {
    const inner = defaultOf(expression.input);
    // Older programs write ('now'::text)::timestamp; as a text alone it would be the time of CREATE TABLE.
    const isNow = inner.kind === 'now' || (inner.kind === 'constant' && inner.text === 'now');
    if (isNow && expression.type === 'date') return { kind: 'today' };
    return isNow && expression.type.startsWith('timestamp') ? { kind: 'now' } : inner;
  }
  if (expression.kind !== 'call') return { kind: 'expression' };
  const { name, inputs } = expression;
  if (name === 'current_date') return { kind: 'today' };
  return NOW.has(name) || isUtcNow(name, inputs) ? { kind: 'now' } : { kind: 'expression' };
}

/** `timezone('utc', now())`, which is also how `now() AT TIME ZONE 'utc'` is read. */
function isUtcNow(name: string, [zone, time]: readonly SqlExpression[]): boolean {
  if (name !== 'timezone' || zone === undefined || time === undefined) return false;
  const text = defaultOf(zone);
  return text.kind === 'constant' && /^(?:utc|gmt|etc\/utc)$/i.test(text.text) && defaultOf(time).kind === 'now';
}

/** Whether the default that is there gives what the table file says. */
export function givesDefault(live: LiveDefault, { default: wanted, type }: Column): boolean {
  if (wanted === 'now' && type.kind === 'timestamp') return live.kind === 'now';
  if (wanted === 'now' && type.kind === 'date') return live.kind === 'now' || live.kind === 'today';
  if (live.kind !== 'constant' || wanted === null) return false;
  if (live.text === String(wanted)) return true;
  const isNumber = typeof wanted === 'number' && live.text.trim() !== '';
  return isNumber && Number(live.text) === wanted;
}
