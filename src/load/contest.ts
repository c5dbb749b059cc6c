import type { Preference, TableMapping } from '../config/mapping.ts';
import type { Tx } from '../database/database.ts';
import { quoteName, quoteTable, quoteText } from '../database/quote.ts';
import type { Stage } from '../flow/stage.ts';
import { stageType } from './column-sql.ts';
import { cellValue, type StageLayout } from './stage-layout.ts';
import { isRowOf, keyValue, stageName, textOf } from './stage-sql.ts';

/**
 * Who remembers which record a row shows, where several may meet in one. The stage has two columns more for it:
 * `holder`, the record that the row showed before, and `lost`, true for a record that another one is preferred to.
 */
export interface Holders {
  /** Fills `holder` of the staged records whose row is there. */
  find(tx: Tx, stage: Stage): Promise<void>;
  /** Keeps in mind what has lost, before it leaves the stage. */
  lose(tx: Tx, stage: Stage): Promise<void>;
}

export interface ContestStatements {
  /**
   * Marks every record but the best of each row as lost, and gives it the id of its row. One that leads to another key
   * than the best has lost only as long as the row is what it was: it is marked to be compared again.
   */
  readonly settle: string;
  /** Takes what has lost out of the stage. */
  readonly remove: string;
}

/** Null where each record has a row of its own. */
export function contestStatements(layout: StageLayout, schema: string): ContestStatements | null {
  if (!layout.contested) return null;
  const { root } = layout;
  const stage = stageName(layout);
  const meets = root.match[0] ?? root.key;
  const parts = meets.map((name) => `(${keyValue(layout, name)})::text`);
  const key = textOf(parts);
  // A record that lacks a part of the key meets nobody.
  const place = `CASE WHEN NOT s.fresh THEN s.id::text WHEN ${parts.map((part) => `${part} IS NULL`).join(' OR ')} THEN s.source_id ELSE ${key} END`;
  const best = [
    ...root.prefer.map((by) => bestFirst(by, staged(by, layout))),
    // Of two that are as good, the one that was there first.
    '(s.source_id = s.holder) DESC NULLS LAST',
    's.stamp DESC NULLS LAST',
    's.source_id',
  ];
  const shown = `SELECT 1 FROM ${quoteTable(schema, root.table.name)} t WHERE ${isRowOf(layout, root)} AND (${isBetter(root, layout)}) IS NOT TRUE`;
  return {
    settle: `WITH ranked AS (
        SELECT s.source_id, first_value(s.id) OVER best AS id, row_number() OVER best AS rank,
          first_value(${key}) OVER best <> ${key} AS parts,
          bool_or(s.source_id = s.holder) OVER (PARTITION BY s.fresh, ${place}) AS holder_here
        FROM ${stage} s WINDOW best AS (PARTITION BY s.fresh, ${place} ORDER BY ${best.join(', ')})
      )
      UPDATE ${stage} s SET id = r.id, lost = true, again = r.parts IS TRUE FROM ranked r WHERE r.source_id = s.source_id
        AND (r.rank > 1 OR (s.holder IS NOT NULL AND r.holder_here IS NOT TRUE AND EXISTS (${shown})))`,
    remove: `DELETE FROM ${stage} s WHERE s.lost RETURNING s.source_id, s.fresh`,
  };
}

function staged({ column }: Preference, layout: StageLayout): string {
  const cell = layout.cells.find((other) => other.table === layout.root && other.column.column.name === column.name);
  return cell === undefined ? `NULL::${stageType(column.type)}` : cellValue(cell);
}

function bestFirst(preference: Preference, value: string): string {
  if ('values' in preference) return rank(preference.values, value);
  return `${value} ${preference.highest ? 'DESC' : 'ASC'} NULLS LAST`;
}

/** True where the staged record is to be preferred to what the row under `t` shows; as good is not enough. */
function isBetter(root: TableMapping, layout: StageLayout): string {
  const ways: string[] = [];
  const equal: string[] = [];
  for (const preference of root.prefer) {
    const coming = staged(preference, layout);
    const shown = `t.${quoteName(preference.column.name)}`;
    ways.push([...equal, better(preference, coming, shown)].join(' AND '));
    equal.push(
      'values' in preference
        ? `${rank(preference.values, coming)} = ${rank(preference.values, shown)}`
        : `${coming} IS NOT DISTINCT FROM ${shown}`,
    );
  }
  return ways.length === 0 ? 'false' : ways.map((way) => `(${way})`).join(' OR ');
}

function better(preference: Preference, coming: string, shown: string): string {
  if ('values' in preference) return `${rank(preference.values, coming)} < ${rank(preference.values, shown)}`;
  const sign = preference.highest ? '>' : '<';
  return `${coming} IS NOT NULL AND (${shown} IS NULL OR ${coming} ${sign} ${shown})`;
}

function rank(values: readonly string[], value: string): string {
  const cases = values.map((known, index) => `WHEN ${quoteText(known)} THEN ${index}`).join(' ');
  return `CASE (${value})::text ${cases} ELSE ${values.length} END`;
}
