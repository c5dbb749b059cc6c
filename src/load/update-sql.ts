import type { TableMapping } from '../config/mapping.ts';
import { quoteName } from '../database/quote.ts';

/** A column that an update may write. */
export interface Change {
  /** Name of the target column. */
  readonly column: string;
  /** SQL of the value that it gets, over the aliases of {@link UpdateParts.from}. */
  readonly value: string;
}

/** An update of rows that are there, over the target alias `t`. */
export interface UpdateParts {
  readonly table: TableMapping;
  /** Quoted target table. */
  readonly target: string;
  readonly from: string;
  /** Which row of the target belongs to which row of `from`. */
  readonly match: string;
  /** SQL of the root's primary key. */
  readonly id: string;
  readonly changes: readonly Change[];
}

/** Writes the rows that differ and gives their root keys; null when the mapping may change no column. */
export function updateSql({ table, target, from, match, id, changes }: UpdateParts): string | null {
  if (changes.length === 0) return null;
  const set = [
    ...changes.map(({ column, value }) => `${quoteName(column)} = ${value}`),
    ...touched(table, 'change').map((name) => `${name} = now()`),
  ];
  const differs = changes.map((change) => isDifferent(change)).join(' OR ');
  return `UPDATE ${target} t SET ${set.join(', ')} FROM ${from} WHERE ${match} AND (${differs}) RETURNING ${id}::text AS id`;
}

const SAMPLES = 3;

/**
 * For a plan: one JSON array, index-aligned with `changes`, of how many rows the column changes in and up to three
 * samples. A sample tells how long the values are, and nothing else of them.
 */
export function changesSql({ target, from, match, changes }: UpdateParts): string | null {
  if (changes.length === 0) return null;
  const columns = changes.map((change) => {
    const sample = `json_build_object('from', ${masked(`t.${quoteName(change.column)}`)}, 'to', ${masked(change.value)})`;
    const where = `FILTER (WHERE ${isDifferent(change)})`;
    const samples = `coalesce(array_to_json((array_agg(${sample}) ${where})[1:${SAMPLES}]), '[]')`;
    return `json_build_object('rows', count(*) ${where}, 'samples', ${samples})`;
  });
  return `SELECT json_build_array(${columns.join(', ')}) AS changes FROM ${target} t, ${from} WHERE ${match}`;
}

function isDifferent({ column, value }: Change): string {
  return `t.${quoteName(column)} IS DISTINCT FROM ${value}`;
}

function masked(value: string): string {
  return `CASE WHEN (${value}) IS NULL THEN 'blank' ELSE length((${value})::text) || ' characters' END`;
}

/** Names of the engine-written time columns that are set on this occasion. */
export function touched(table: TableMapping, when: 'insert' | 'change'): string[] {
  return table.table.columns
    .filter(({ touch }) => touch === 'change' || (touch === 'insert' && when === 'insert'))
    .map(({ name }) => quoteName(name));
}
