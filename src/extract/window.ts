import { SyncError } from '../errors/sync-error.ts';
import { formatSoql } from '../soql/format.ts';
import { parseSoql } from '../soql/parse.ts';
import { withCondition } from '../soql/rewrite.ts';

/** A stretch of a cursor: `from` is in it, `to` is not. ISO 8601; null for an end that is open. */
export interface Window {
  readonly cursor: string;
  readonly from: string | null;
  readonly to: string | null;
  /** False where somebody else reads the records whose cursor is empty; otherwise they are in every window. */
  readonly blanks?: false;
}

/** The org fills these in with every record; any other date-time of it may be empty, whatever it says of the field. */
const NEVER_BLANK = new Set(['systemmodstamp', 'lastmodifieddate', 'createddate']);

/** Whether there can be records of which no stretch of the cursor tells. */
export function mayBeBlank(cursor: string): boolean {
  return !NEVER_BLANK.has(cursor.toLowerCase());
}

/** The query over the window only. One that is open on both sides leaves it as its author wrote it. */
export function windowed(soql: string, window: Window | null): string {
  const condition = window === null ? '' : windowCondition(window);
  return condition === '' ? soql : formatSoql(withCondition(parseSoql(soql), condition));
}

/** What stands after WHERE, beside other conditions; '' for a window that is open on both sides. */
export function windowCondition({ cursor, from, to, blanks }: Window): string {
  const within = [
    // >= and not >: many records can share one stamp, and the upsert makes the repeat free.
    from === null ? '' : `${cursor} >= ${inSoql(from)}`,
    // What was stamped later is the next window's, so that no record is half here.
    to === null ? '' : `${cursor} < ${inSoql(to)}`,
  ]
    .filter((part) => part !== '')
    .join(' AND ');
  // Nobody knows when these were changed: they are read each time, so that none is lost.
  return within === '' || blanks === false || !mayBeBlank(cursor) ? within : `((${within}) OR ${cursor} = null)`;
}

/** The org knows whole seconds: nothing is left out by cutting them. */
function inSoql(instant: string): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

/** Of less, one half would be empty. */
const SHORTEST_MS = 2_000;

/** Both halves in order; null when it is open or too short to be cut. */
export function halvesOf(window: Window): readonly [Window, Window] | null {
  const { from, to } = window;
  if (from === null || to === null) return null;
  const begin = Date.parse(from);
  const length = Date.parse(to) - begin;
  if (length < SHORTEST_MS) return null;
  const middle = new Date(begin + Math.floor(length / 2_000) * 1_000).toISOString();
  return [
    { ...window, to: middle },
    { ...window, from: middle, blanks: false },
  ];
}

/** Whether the org could do less of it: it says so by a code, of a Bulk job only in words. */
export function isTooMuch(error: unknown): boolean {
  if (!(error instanceof SyncError)) return false;
  if (error.code === 'ORG_QUERY_TIMEOUT') return true;
  return error.code === 'ORG_JOB_FAILED' && /time[d\s]*-?out|retried more than|too many/iu.test(error.message);
}
