import type { RevertReport } from '../engine/revert-run.ts';
import type { SyncError } from '../errors/sync-error.ts';
import type { RefusedRow } from '../flow/refused-row.ts';
import { tableText } from './rows.ts';

export function revertText({ tables, read_again: again, dry_run: dryRun, run_id: run }: RevertReport): string {
  const rows = Object.entries(tables).map(([table, { inserted, updated, deleted }]) => [
    table,
    deleted,
    updated,
    inserted,
  ]);
  const head = `Run ${run} ${dryRun ? 'would be' : 'was'} reverted.\n`;
  if (rows.length === 0) return `${head}It had changed no row.\n`;
  const list = tableText(['table', 'taken out', 'put back', 'inserted again'], rows);
  return `${head}${list}The next run ${dryRun ? 'would then read' : 'reads'} in full: ${again.join(', ')}\n`;
}

/** The rows that stand against a revert, one a line; empty for any other trouble. */
export function refusedText({ code, details }: SyncError): string {
  const listed = code === 'REVERT_REFUSED' ? details?.['listed'] : undefined;
  if (!Array.isArray(listed)) return '';
  const rows = (listed as readonly RefusedRow[]).map(({ table, key, why, by }) => [
    table,
    Object.values(key).join(' '),
    by === undefined ? why : `${why} by ${by}`,
  ]);
  const total = Number(details?.['rows'] ?? rows.length);
  const more = total > rows.length ? `and ${total - rows.length} more\n` : '';
  return `${tableText(['table', 'key', 'why'], rows)}${more}`;
}
