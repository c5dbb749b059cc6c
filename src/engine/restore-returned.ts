import { rootTable } from '../config/cells.ts';
import type { Mapping } from '../config/mapping.ts';
import type { Project } from '../config/project.ts';
import type { Tx } from '../database/database.ts';
import type { Stage } from '../flow/stage.ts';
import { unmarkRows } from '../load/load.ts';
import { forgetDeleted, type Marked, takeMarks, takeMarksOfHeld } from '../state/marks.ts';
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
  return unmark(
    tx,
    [...own, ...(await takeMarks(tx, await othersMarking(tx, mappingId, project), sourceIds))],
    project,
  );
}

/**
 * Takes the mark from rows in which several records may meet, now that they show one that is here. What the mapping
 * writes by itself into the marked column stays.
 */
export async function unmarkHeld(
  tx: Tx,
  mapping: Mapping,
  { mappingId, stage, project }: { readonly mappingId: number; readonly stage: Stage; readonly project: Project },
): Promise<Returned> {
  const mark = mapping.deletes?.mark ?? null;
  if (mark === null) return NOTHING_RETURNED;
  const marked = await takeMarksOfHeld(tx, mappingId, stage);
  const own = mapping.tables.find(({ table }) => table.name === mark.table)?.columns ?? [];
  return own.some(({ column }) => column.name === mark.column.name) ? NOTHING_RETURNED : unmark(tx, marked, project);
}

async function unmark(tx: Tx, marked: readonly Marked[], project: Project): Promise<Returned> {
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
export function changedByReturn(returned: readonly Returned[], changed: ReadonlySet<string>): number {
  return returned.reduce((sum, { written, rowIds }) => {
    const rows = Object.values(written).reduce((all, count) => all + count, 0);
    return sum + Math.min(rows, rowIds.filter((id) => !changed.has(id)).length);
  }, 0);
}
