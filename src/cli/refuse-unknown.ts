import { SyncError } from '../errors/sync-error.ts';

/**
 * Names that lead to nothing are a slip of the person, or of a script that should hear of it.
 * @param found  how many were found
 * @param ids  the names that were given; none when a filter was
 * @param what  what each should be, after its name
 * @throws SyncError NOT_FOUND
 */
export function refuseUnknown(found: number, ids: readonly string[], what: string): void {
  if (found > 0 || ids.length === 0) return;
  const [first = ''] = ids;
  throw new SyncError(
    'NOT_FOUND',
    ids.length === 1 ? `Nothing by the name ${first} ${what}.` : `None of these ${what}.`,
  );
}
