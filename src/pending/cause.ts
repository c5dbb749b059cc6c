import type { ParentFate } from '../state/pending-parents.ts';

/**
 * Why a parent is probably not here.
 * - `quarantined`, `waits_itself`, `left_out`: it was read, and could not be loaded, or not yet, or a rule left it out.
 * - `deleted`, `merged`, `purged`: it is gone from the org; of a purged one only we know.
 * - `filtered_out`: it is in the org, and its mapping does not mean it.
 * - `not_read_yet`: it is in the org, and the next run of its mapping loads it.
 * - `no_permission`: the user may not read the object.
 * - `not_visible`: the org does not show it: deleted for good, or this user may not see it.
 * - `not_in_scope`: no mapping of the project loads such parents from the org.
 * - `no_such_key`: the reference is no id, and no row has that value.
 * - `unknown`: nobody was asked.
 */
export type Cause =
  | 'quarantined'
  | 'waits_itself'
  | 'left_out'
  | 'deleted'
  | 'merged'
  | 'purged'
  | 'filtered_out'
  | 'not_read_yet'
  | 'no_permission'
  | 'not_visible'
  | 'not_in_scope'
  | 'no_such_key'
  | 'unknown';

export interface ParentCause {
  readonly cause: Cause;
  readonly explanation: string;
}

/** What the state knows, as a cause. */
export function causeOfFate({ mapping, fate, detail }: ParentFate): ParentCause {
  switch (fate) {
    case 'quarantined':
      return {
        cause: 'quarantined',
        explanation: `It is in quarantine (${detail ?? ''}): sluice quarantine list --select ${mapping}`,
      };
    case 'deferred':
      return { cause: 'waits_itself', explanation: `It waits itself, for the parent in ${detail ?? 'its own link'}.` };
    case 'left_out':
      return { cause: 'left_out', explanation: `A rule of ${mapping} left it out.` };
    case 'merged':
      return {
        cause: 'merged',
        explanation: `It was merged${detail === null ? '' : ` into ${detail}`}. The org moves the references; the next run takes them.`,
      };
    case 'left_filter':
      return { cause: 'filtered_out', explanation: `It no longer meets the filter of ${mapping}.` };
    case 'purged':
      return { cause: 'purged', explanation: 'It was deleted for good. Correct the reference in the org.' };
    case 'deleted':
      return {
        cause: 'deleted',
        explanation: 'It was deleted in the org. Restore it there, or correct the reference.',
      };
  }
}
