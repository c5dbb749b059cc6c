import type { Queryable } from '../database/database.ts';
import { quoteName, quoteText } from '../database/quote.ts';
import type { RefusedRow } from '../flow/refused-row.ts';
import { type ForeignKey, type RestoredTable, sameKey } from './restore-catalogue.ts';

export interface Refusals {
  readonly rows: number;
  /** The first of them. */
  readonly listed: readonly RefusedRow[];
}

const MOST_LISTED = 100;

/** Rows of one table that are not as the run left them, where that matters. */
export async function changedSince(tx: Queryable, changes: string, table: RestoredTable): Promise<Refusals> {
  const { rows } = await tx.query<{ row_key: RefusedRow['key']; why: RefusedRow['why']; total: string }>(
    `SELECT row_key, why, count(*) OVER () AS total FROM (
       SELECT c.row_key, CASE
         WHEN c.before IS NULL THEN
           CASE WHEN n.now - $2::text[] IS DISTINCT FROM c.after - $2::text[] THEN 'changed since' END
         WHEN c.after IS NULL THEN
           CASE WHEN n.now - $2::text[] IS DISTINCT FROM c.before - $2::text[] THEN 'key taken since' END
         WHEN EXISTS (SELECT 1 FROM jsonb_each(c.after - $2::text[]) a
           WHERE c.before->a.key IS DISTINCT FROM a.value
             AND n.now->a.key IS DISTINCT FROM a.value AND n.now->a.key IS DISTINCT FROM c.before->a.key)
         THEN 'changed since' END AS why
       FROM ${changes} c CROSS JOIN LATERAL jsonb_populate_record(NULL::${table.name}, c.row_key) k
       JOIN ${table.name} t ON ${sameKey(table, 't', 'k')} CROSS JOIN LATERAL (SELECT to_jsonb(t) AS now OFFSET 0) n
       WHERE c.table_name = $1
       UNION ALL
       SELECT c.row_key, 'deleted since'
       FROM ${changes} c CROSS JOIN LATERAL jsonb_populate_record(NULL::${table.name}, c.row_key) k
       WHERE c.table_name = $1 AND c.before IS NOT NULL AND c.after IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM ${table.name} t WHERE ${sameKey(table, 't', 'k')})
     ) refused WHERE why IS NOT NULL ORDER BY row_key LIMIT ${MOST_LISTED}`,
    [table.name, table.ignored],
  );
  return {
    rows: Number(rows[0]?.total ?? 0),
    listed: rows.map(({ row_key: key, why }) => ({ table: table.label, key: shown(key, table), why })),
  };
}

interface Reference {
  readonly table: RestoredTable;
  readonly key: ForeignKey;
  /** The table that refers, where rows of it are put back as well. */
  readonly child: RestoredTable | null;
  /** Its name, for people. */
  readonly by: string;
}

/** Inserted rows that others refer to by this foreign key, which stay and go on referring to them. */
export async function referredToSince(
  tx: Queryable,
  changes: string,
  { table, key, child, by }: Reference,
): Promise<Refusals> {
  const refers = key.columns
    .map((column, place) => `r.${quoteName(column)} = t.${quoteName(key.parentColumns[place] ?? '')}`)
    .join(' AND ');
  const { rows } = await tx.query<{ row_key: RefusedRow['key']; total: string }>(
    `SELECT c.row_key, count(*) OVER () AS total
     FROM ${changes} c CROSS JOIN LATERAL jsonb_populate_record(NULL::${table.name}, c.row_key) k
     JOIN ${table.name} t ON ${sameKey(table, 't', 'k')}
     WHERE c.table_name = $1 AND c.before IS NULL
       AND EXISTS (SELECT 1 FROM ${key.child} r WHERE ${refers} ${child === null ? '' : `AND NOT ${letsGo(changes, key, child)}`})
     ORDER BY c.row_key LIMIT ${MOST_LISTED}`,
    [table.name],
  );
  return {
    rows: Number(rows[0]?.total ?? 0),
    listed: rows.map((row) => ({
      table: table.label,
      key: shown(row.row_key, table),
      why: 'referred to since',
      by,
    })),
  };
}

/** A key tells which row is meant, and where it is personal nothing more than that. */
function shown(key: RefusedRow['key'], { personal }: RestoredTable): RefusedRow['key'] {
  return Object.fromEntries(
    Object.entries(key).map(([name, value]) => [name, personal.includes(name) ? '[personal]' : value]),
  );
}

/** True for a row `r` that goes as well, or comes to refer to another one. */
function letsGo(changes: string, { child: name, columns }: ForeignKey, { key }: RestoredTable): string {
  const own = key.map((column) => `${quoteText(column)}, r.${quoteName(column)}`).join(', ');
  const other = columns.map(
    (column) => `d.before->${quoteText(column)} IS DISTINCT FROM d.after->${quoteText(column)}`,
  );
  return `EXISTS (SELECT 1 FROM ${changes} d WHERE d.table_name = ${quoteText(name)}
    AND d.row_key = jsonb_build_object(${own}) AND d.after IS NOT NULL AND (d.before IS NULL OR ${other.join(' OR ')}))`;
}
