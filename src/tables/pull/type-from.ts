import type { ColumnFacts } from './read-facts.ts';
import type { LiveColumn } from '../catalogue.ts';

/** How a table file says a column's type. */
export interface TypeFrom {
  /** As a table file writes it. */
  readonly type: string;
  readonly values: readonly string[] | null;
  /** The database's own type, where `type` alone would make another one. */
  readonly dbType: string | null;
  /** False for a type that Sluice has nothing like. */
  readonly known: boolean;
}

/** The nearest type of a table file for a type of PostgreSQL's. */
export function typeFrom({ type, labels }: LiveColumn, { baseType }: ColumnFacts): TypeFrom {
  if (labels !== null && labels.length > 0) return { type: 'enum', values: labels, dbType: type, known: true };
  const near = nearest(baseType);
  if (near === null) return { type: 'text', values: null, dbType: type, known: false };
  const isOwn = baseType !== type || near.dbType;
  return { type: near.type, values: null, dbType: isOwn ? type : null, known: baseType !== 'json' };
}

/** By their names in `format_type`. */
const SAME: Readonly<Record<string, string>> = {
  'character varying': 'text',
  text: 'text',
  integer: 'integer',
  bigint: 'bigint',
  numeric: 'numeric',
  'double precision': 'float',
  boolean: 'boolean',
  date: 'date',
  'timestamp with time zone': 'timestamp',
  jsonb: 'json',
  json: 'json',
  uuid: 'uuid',
};
const NEAR: Readonly<Record<string, string>> = {
  bpchar: 'text',
  citext: 'text',
  smallint: 'integer',
  real: 'float',
  'timestamp without time zone': 'timestamp',
};

/** @returns null for a type that holds what none of ours does */
function nearest(type: string): { readonly type: string; readonly dbType: boolean } | null {
  const same = SAME[type];
  if (same !== undefined) return { type: same, dbType: false };
  const near = NEAR[type];
  if (near !== undefined) return { type: near, dbType: true };
  // An extension may live in a schema of its own.
  if (/^[^"]+\.citext$/.test(type)) return { type: 'text', dbType: true };
  const [, name, first = '', second = ''] =
    /^([a-z ]+)\((\d+)(?:,(\d+))?\)( with(?:out)? time zone)?$/.exec(type) ?? [];
  if (name === 'character varying') return { type: `string(${first})`, dbType: false };
  if (name === 'character') return { type: `string(${first})`, dbType: true };
  if (name === 'timestamp') return { type: 'timestamp', dbType: true };
  if (name === 'numeric' && Number(second) <= Number(first))
    return { type: `numeric(${first},${second})`, dbType: false };
  // A scale below zero or above the precision.
  return type.startsWith('numeric(') ? { type: 'numeric', dbType: true } : null;
}
