import { rootTable } from '../config/cells.ts';
import type { Project } from '../config/project.ts';
import type { Tx } from '../database/database.ts';
import { unmarkRows } from '../load/load.ts';
import { forgetDeleted, takeMarks } from '../state/deletions.ts';
import { mappingIds } from '../state/mappings.ts';
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
  const own = await forgetDeleted(tx, mappingId, sourceIds);
  const marked = [...own, ...(await takeMarks(tx, await othersMarking(tx, mappingId, project), sourceIds))];
  if (marked.length === 0) return NOTHING_RETURNED;
  const rows = marked.map(({ row_id: rowId, before }) => ({ rowId, ...before }));
  return { written: await unmarkRows(tx, rows, linkContext(project)), rowIds: rows.map(({ rowId }) => rowId) };
}

/** Numbers of the other mappings that mark rows which this one fills, too. */
async function othersMarking(tx: Tx, mappingId: number, { mappings }: Project): Promise<readonly number[]> {
  const marking = mappings.filter(({ deletes }) => (deletes?.mark ?? null) !== null);
  if (marking.length === 0) return [];
  const ids = await mappingIds(tx);
  const own = mappings.find(({ name }) => ids.get(name) === mappingId);
  if (own === undefined) return [];
  const root = rootTable(own).table.name;
  const filled = new Set(own.tables.map(({ table }) => table.name));
  return marking
    .filter((other) => other !== own && rootTable(other).table.name === root)
    .filter(({ deletes }) => filled.has(deletes?.mark?.table ?? ''))
    .flatMap(({ name }) => ids.get(name) ?? []);
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
