import { toSyncError } from '../database/database-error.ts';
import { SyncError } from '../errors/sync-error.ts';

/** What was thrown, as an error with a code: an interrupted run, trouble of the database, or a bug. */
export function asSyncError(thrown: unknown, signal: AbortSignal): SyncError {
  if (thrown instanceof SyncError) return thrown;
  if (signal.aborted) {
    return signal.reason instanceof SyncError
      ? signal.reason
      : new SyncError('RUN_INTERRUPTED', 'The run was interrupted; what was committed is kept.', { cause: thrown });
  }
  const known = toSyncError(thrown);
  if (known instanceof SyncError) return known;
  return new SyncError('INTERNAL', 'Something happened that Sluice did not foresee.', { cause: thrown });
}
