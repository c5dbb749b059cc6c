import type { Project } from '../config/project.ts';
import type { Tx } from '../database/database.ts';
import { unmarkRows } from '../load/load.ts';
import { forgetDeleted } from '../state/deletions.ts';
import { linkContext } from './step-deps.ts';

/**
 * Takes back the deletion of records that come again, before their rows are compared: what a mark has changed is put
 * back, where nobody has changed it since.
 * @returns rows written, by table
 */
export async function restoreReturned(
  tx: Tx,
  mappingId: number,
  sourceIds: readonly string[],
  project: Project,
): Promise<Readonly<Record<string, number>>> {
  const marked = await forgetDeleted(tx, mappingId, sourceIds);
  if (marked.length === 0) return {};
  const rows = marked.map(({ row_id: rowId, before }) => ({ rowId, ...before }));
  return unmarkRows(tx, rows, linkContext(project));
}
