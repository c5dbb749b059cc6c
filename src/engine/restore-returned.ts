import type { Project } from '../config/project.ts';
import type { Tx } from '../database/database.ts';
import { unmarkRows } from '../load/load.ts';
import { forgetDeleted } from '../state/deletions.ts';
import { linkContext } from './step-deps.ts';

/**
 * Takes back the deletion of records that come again, before their rows are compared: what a mark has changed is put
 * back, where nobody has changed it since.
 */
export async function restoreReturned(
  tx: Tx,
  mappingId: number,
  sourceIds: readonly string[],
  project: Project,
): Promise<Returned> {
  const marked = await forgetDeleted(tx, mappingId, sourceIds);
  if (marked.length === 0) return NOTHING_RETURNED;
  const rows = marked.map(({ row_id: rowId, before }) => ({ rowId, ...before }));
  return { written: await unmarkRows(tx, rows, linkContext(project)), rowIds: rows.map(({ rowId }) => rowId) };
}

/** What was put back. */
export interface Returned {
  /** Rows written, by table. */
  readonly written: Readonly<Record<string, number>>;
  /** Primary keys, as text, of the rows that were marked. */
  readonly rowIds: readonly string[];
}

export const NOTHING_RETURNED: Returned = { written: {}, rowIds: [] };

/** Records whose row is another one now although the load itself has found nothing to change in it. */
export function changedByReturn({ written, rowIds }: Returned, changed: ReadonlySet<string>): number {
  const rows = Object.values(written).reduce((sum, count) => sum + count, 0);
  return Math.min(rows, rowIds.filter((id) => !changed.has(id)).length);
}
