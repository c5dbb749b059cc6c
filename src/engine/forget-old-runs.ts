import type { Logger } from 'pino';
import type { Project } from '../config/project.ts';
import type { Database } from '../database/database.ts';
import { forgetRuns, isFirstOfDay, oldRuns } from '../state/old-runs.ts';

/** Runs that are forgotten in one day at most, when somebody has shortened the time that they are kept. */
const MOST_A_DAY = 5_000;

/** Runs of one statement: each takes its steps, their slices and its events along. */
const AT_ONCE = 100;

/**
 * At the end of the first run of a day, forgets runs that are older than they are to be kept. It is housekeeping: trouble
 * with it is told and leaves the run as it ended.
 */
export async function forgetOldRuns(
  { project, database, log }: { readonly project: Project; readonly database: Database; readonly log: Logger },
  runId: string,
  signal: AbortSignal,
): Promise<void> {
  const { keepRuns } = project.state;
  if (keepRuns === null || signal.aborted) return;
  try {
    if (!(await isFirstOfDay(database, project.name, runId))) return;
    const ids = await oldRuns(database, { project: project.name, keepSeconds: keepRuns, most: MOST_A_DAY });
    for (let from = 0; from < ids.length && !signal.aborted; from += AT_ONCE) {
      await forgetRuns(database, ids.slice(from, from + AT_ONCE));
    }
    if (ids.length > 0) log.info({ run: runId, runs: ids.length }, 'old runs forgotten');
  } catch (error) {
    log.warn({ run: runId, err: error }, 'old runs could not be forgotten');
  }
}
