import pRetry from 'p-retry';
import { SyncError } from '../errors/sync-error.ts';
import type { RetrySettings } from './settings.ts';

/** One more try, before its pause. */
export interface RetryNotice {
  readonly what: string;
  readonly code: string;
  readonly waitMs: number;
}

/** Does the work again while its errors are transient. Holds the budget of one run. */
export type Retry = <T>(what: string, work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/**
 * The one layer that tries again: nothing below it does.
 * @throws SyncError RETRY_BUDGET_SPENT when the run has retried too often, else the last error
 */
export function retryWith(settings: RetrySettings, onRetry: (notice: RetryNotice) => void): Retry {
  let left = settings.budget;
  return async (what, work, signal) =>
    pRetry(work, {
      retries: settings.tries - 1,
      minTimeout: settings.firstPauseMs,
      maxTimeout: settings.longestPauseMs,
      factor: 2,
      randomize: true,
      signal,
      shouldRetry: ({ error, attemptNumber }) => heals(error, attemptNumber, settings.longestPauseMs),
      onFailedAttempt: async ({ error, attemptNumber, retriesLeft, retryDelay }) => {
        if (retriesLeft === 0 || !heals(error, attemptNumber, settings.longestPauseMs)) return;
        if (left-- <= 0) throw budgetSpent(settings.budget, error);
        const waitMs = Math.max(retryDelay, askedPauseMs(error));
        onRetry({ what, code: error instanceof SyncError ? error.code : 'INTERNAL', waitMs });
        await pause(waitMs - retryDelay, signal);
      },
    });
}

function heals(error: unknown, attempt: number, longestPauseMs: number): boolean {
  if (!isTransient(error) || askedPauseMs(error) > longestPauseMs) return false;
  // 420 is what a deleted org answers: a second try is enough to know.
  return !(error.details?.['status'] === 420 && attempt >= 2);
}

/** Whether the same request can succeed in a moment. */
function isTransient(error: unknown): error is SyncError {
  return error instanceof SyncError && error.details?.['transient'] === true;
}

function askedPauseMs(error: unknown): number {
  const asked = error instanceof SyncError ? error.details?.['retryAfterMs'] : undefined;
  return typeof asked === 'number' ? asked : 0;
}

function budgetSpent(budget: number, cause: unknown): SyncError {
  return new SyncError('RETRY_BUDGET_SPENT', `${String(budget)} retries were made in this run`, { cause });
}

/** @throws the signal's reason when it aborts */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (ms <= 0) return;
  await new Promise<void>((resolve) => {
    const stop = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
  signal.throwIfAborted();
}
