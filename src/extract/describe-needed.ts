import { SyncError } from '../errors/sync-error.ts';
import type { ObjectDescription } from '../salesforce/describe.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';

export interface Described {
  readonly objects: readonly ObjectDescription[];
  /** Why an object could not be described, by its name in lower case. */
  readonly failures: ReadonlyMap<string, SyncError>;
}

/**
 * Describes objects, and those that only then turn out to be needed: parents, whose names a description tells.
 * @param wanted  asked for in the first call
 * @param needed  what is still needed, given what is described
 * @throws SyncError for what is wrong with all of them: the session, the budget, the network
 */
export async function describeNeeded(
  wanted: readonly string[],
  needed: (described: readonly ObjectDescription[]) => readonly string[],
  { salesforce, signal }: { readonly salesforce: Salesforce; readonly signal: AbortSignal },
): Promise<Described> {
  const objects: ObjectDescription[] = [];
  const failures = new Map<string, SyncError>();
  for (let next = wanted; next.length > 0;) {
    const names = new Map(next.map((object) => [object.toLowerCase(), object]));
    for (const [object, told] of await salesforce.describeAll([...names.values()], signal)) {
      if (told instanceof SyncError) failures.set(object.toLowerCase(), told);
      else objects.push(told);
    }
    const known = new Set([...names.keys(), ...objects.map(({ name }) => name.toLowerCase())]);
    next = needed(objects).filter((object) => !failures.has(object.toLowerCase()) && !known.has(object.toLowerCase()));
  }
  return { objects, failures };
}
