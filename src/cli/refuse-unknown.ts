import type { Project } from '../config/project.ts';
import { SyncError } from '../errors/sync-error.ts';
import { chosenMappings } from './chosen-mappings.ts';

/** What was looked for, and whether it was there. */
interface Looked {
  readonly found: number;
  /** The names that were given; none when a filter was. */
  readonly ids: readonly string[];
  /** What each should be, after its name. */
  readonly what: string;
  /** The command that names what there is. */
  readonly list: string;
}

/**
 * Names that lead to nothing are a slip of the person, or of a script that should hear of it.
 * @throws SyncError NOT_FOUND
 */
export function refuseUnknown({ found, ids, what, list }: Looked): void {
  if (found > 0 || ids.length === 0) return;
  const [first = ''] = ids;
  throw new SyncError(
    'NOT_FOUND',
    ids.length === 1 ? `Nothing by the name ${first} ${what}.` : `None of these ${what}.`,
    { actions: [`Run \`${list}\` to see what is there.`] },
  );
}

/**
 * A mapping that the project has no more may still have left something behind; one that has nothing either is a slip.
 * @param found  how much there is of it
 * @throws SyncError NOT_FOUND
 */
export function refuseUnknownMapping(project: Project, mapping: string | undefined, found: number): void {
  if (found === 0 && mapping !== undefined) chosenMappings(project, [mapping]);
}
