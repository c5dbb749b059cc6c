import { randomUUID } from 'node:crypto';
import type { Project } from '../config/project.ts';
import { classifyDatabaseError, toSyncError } from '../database/database-error.ts';
import type { Database, Tx } from '../database/database.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { TableCounts } from '../flow/counts.ts';
import { type Restored, restoreRows } from '../load/load.ts';
import { acquireRunLock } from '../state/lock.ts';
import { findKeptRun, gatherNetChanges, keepChanges, markKept, NET_CHANGES, noteRevert } from '../state/row-changes.ts';
import { getRun, markOrphans, type StoredRun } from '../state/runs.ts';
import { forgetWhatWasDone } from '../state/undo-state.ts';
import { askForFullReading } from '../state/watermarks.ts';
import { previewing } from './commit-scope.ts';
import { prepareHistory } from './keep-history.ts';

export interface RevertReport {
  /** The run that was reverted. */
  readonly run_id: string;
  readonly started_at: string;
  /** The revert, which is a run as well and can be reverted; null when nothing was written. */
  readonly reverted_by: string | null;
  readonly dry_run: boolean;
  /** Rows by table: inserted again, put back as they were, deleted again. */
  readonly tables: Readonly<Record<string, Omit<TableCounts, 'unchanged'>>>;
  /** Mappings that the next run reads in full, because their rows are no longer what the state said. */
  readonly read_again: readonly string[];
}

interface RevertDeps {
  readonly project: Project;
  /** With the state in it. */
  readonly database: Database;
  readonly host: string;
  readonly pid: number;
}

/**
 * Puts every row back that a run has inserted, changed or deleted, all or nothing, and makes the next run look at
 * everything anew: what the org says has not changed, so that run does it again, by the YAML as it is then.
 * @param id  the run's id, or the beginning of it
 * @throws SyncError NOT_FOUND, HISTORY_MISSING, REVERT_REFUSED with the rows in `details`, RUN_LOCKED
 */
export async function revertRun(id: string, dryRun: boolean, deps: RevertDeps): Promise<RevertReport> {
  const { project, database } = deps;
  const lock = await acquireRunLock(database, project.name);
  try {
    await markOrphans(database, project.name);
    const run = await getRun(database, id);
    await holdRevertible(run, deps);
    if (dryRun) {
      const report = await previewing(database, async (_scope, tx) => revert(tx, run, deps));
      return { ...report, reverted_by: null, dry_run: true };
    }
    if (project.history !== null) await prepareHistory(database, project);
    return await database.transaction(async (tx) => revert(tx, run, deps));
  } catch (error) {
    throw refusedByDatabase(error) ?? toSyncError(error);
  } finally {
    await lock.release();
  }
}

async function holdRevertible(run: StoredRun, { project, database }: RevertDeps): Promise<void> {
  if (run.project !== project.name) throw new SyncError('NOT_FOUND', `Run ${run.run_id} is another project's.`);
  const { keepsHistory, revertedBy } = await findKeptRun(database, run.run_id);
  if (revertedBy !== null) {
    throw new SyncError('REVERT_REFUSED', `Run ${run.run_id} was reverted already, by run ${revertedBy}.`, {
      actions: [`Run \`sluice runs revert ${revertedBy}\` to take that back.`],
    });
  }
  if (keepsHistory) return;
  throw new SyncError('HISTORY_MISSING', `Nothing is kept of what run ${run.run_id} has changed.`);
}

async function revert(tx: Tx, run: StoredRun, { project, host, pid }: RevertDeps): Promise<RevertReport> {
  const revertId = randomUUID();
  const names = await gatherNetChanges(tx, run.run_id);
  await noteRevert(tx, { id: revertId, of: run.run_id, project: project.name, host, pid });
  if (project.history !== null) {
    await markKept(tx, revertId);
    await keepChanges(tx, revertId);
  }
  const restored = await restoreRows(tx, NET_CHANGES, names, {
    schema: project.database.schema,
    tables: project.tables,
  });
  if (restored.refused > 0) throw refused(run, restored);
  const mappings = mappingsOf(run, restored, project);
  await forgetWhatWasDone(tx, mappings);
  await askForFullReading(tx, mappings, `run ${run.run_id} was reverted`);
  return {
    run_id: run.run_id,
    started_at: run.started_at,
    reverted_by: revertId,
    dry_run: false,
    tables: restored.tables,
    read_again: mappings,
  };
}

/** The mappings of the run's steps, and every other that writes to one of the tables: its rows may have gone as well. */
function mappingsOf(run: StoredRun, { tables }: Restored, { mappings }: Project): readonly string[] {
  const touched = mappings.filter((mapping) => mapping.tables.some(({ table }) => table.name in tables));
  return [...new Set([...run.steps.map(({ mapping }) => mapping), ...touched.map(({ name }) => name)])].toSorted();
}

function refused({ run_id: run }: StoredRun, { refused: rows, refusedRows }: Restored): SyncError {
  const what = rows === 1 ? '1 row is' : `${rows} rows are`;
  return new SyncError('REVERT_REFUSED', `${what} no longer as run ${run} has left them. Nothing was written.`, {
    details: { run_id: run, rows, listed: refusedRows },
  });
}

/** What no row alone shows: a unique value that is taken, a parent that is gone, a rule of the database. */
function refusedByDatabase(error: unknown): SyncError | null {
  const trouble = classifyDatabaseError(error);
  if (trouble?.kind !== 'row') return null;
  const { table, constraint, code } = trouble;
  return new SyncError(
    'REVERT_REFUSED',
    `The database refuses a row of ${table ?? 'a table'} as it was (${constraint ?? code}). Nothing was written.`,
    { cause: error, details: { table, constraint, code } },
  );
}
