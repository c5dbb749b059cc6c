import { type CellValue, KEEP } from './mapped-batch.ts';

/**
 * What stands in for a value that is blank or cannot be taken, by the column's policy.
 * @param fallback  the column's default; `now` is the database's to tell, so the cell is left to it
 */
export function standIn(policy: 'null' | 'keep' | 'default', fallback: string | number | boolean | null): CellValue {
  if (policy === 'null') return null;
  if (policy === 'keep' || fallback === 'now') return KEEP;
  return fallback === null ? null : String(fallback);
}
