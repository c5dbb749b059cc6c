import { SyncError } from '../errors/sync-error.ts';
import { isMap } from '../config/is-record.ts';

/** Where a Bulk query job stands. */
export interface JobInfo {
  readonly id: string;
  /** UploadComplete and InProgress, then one of JobComplete, Failed and Aborted. */
  readonly state: string;
  /** Records of the whole result, once it is complete; null when the org does not tell. */
  readonly records: number | null;
}

const FIRST_POLL_MS = 100;
const LONGEST_POLL_MS = 10_000;

/** Small jobs are done at once, large ones take minutes, and every poll costs a call: so the pause doubles. */
export function pollPauseMs(poll: number): number {
  return Math.min(LONGEST_POLL_MS, FIRST_POLL_MS * 2 ** poll);
}

/** @throws SyncError ORG_JOB_FAILED when the job will never be complete */
export function readJob(told: unknown): JobInfo {
  const { id, state, numberRecordsProcessed, errorMessage } = isMap(told) ? told : {};
  if (typeof id !== 'string' || typeof state !== 'string') {
    throw new SyncError('ORG_UNEXPECTED_ANSWER', 'the answer about a Bulk job holds no job');
  }
  if (state === 'Failed' || state === 'Aborted') {
    const reason = typeof errorMessage === 'string' && errorMessage !== '' ? errorMessage : 'the org gives no reason';
    throw new SyncError('ORG_JOB_FAILED', `Bulk job ${id} is ${state.toLowerCase()}: ${reason.slice(0, 400)}`);
  }
  return { id, state, records: typeof numberRecordsProcessed === 'number' ? numberRecordsProcessed : null };
}
