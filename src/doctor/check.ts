import { SyncError } from '../errors/sync-error.ts';

/**
 * One thing that was looked at.
 * - `ok`: as it should be.
 * - `warn`: works, but somebody should know.
 * - `fail`: a run would fail; `action` says what to do.
 * - `skipped`: could not be looked at, because something before it failed.
 */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail' | 'skipped';
  readonly message: string;
  readonly action: string | null;
  /** Our code for the trouble, where it has one. */
  readonly code: string | null;
}

export function ok(name: string, message: string): Check {
  return { name, status: 'ok', message, action: null, code: null };
}

export function warn(name: string, message: string, action: string): Check {
  return { name, status: 'warn', message, action, code: null };
}

export function fail(name: string, message: string, action: string): Check {
  return { name, status: 'fail', message, action, code: null };
}

export function skipped(name: string, because: string): Check {
  return { name, status: 'skipped', message: because, action: null, code: null };
}

/** What was thrown, as a failed check; a foreign error is named only, because its message may quote anything. */
export function failed(name: string, error: unknown): Check {
  if (error instanceof SyncError) {
    return { name, status: 'fail', message: error.message, action: error.actions.join(' '), code: error.code };
  }
  const what = error instanceof Error ? error.name : typeof error;
  return { name, status: 'fail', message: `An unexpected error: ${what}.`, action: 'Read the log.', code: 'INTERNAL' };
}

/** Looks, and makes of a thrown error a failed check. */
export async function look(name: string, work: () => Promise<Check | readonly Check[]>): Promise<readonly Check[]> {
  try {
    return [await work()].flat();
  } catch (error) {
    return [failed(name, error)];
  }
}
