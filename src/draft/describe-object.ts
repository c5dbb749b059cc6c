import { nearest } from '../config/nearest.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { ObjectDescription, OrgObject } from '../salesforce/describe.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import { snakeName } from './names.ts';

/**
 * Asks the org about an object, by its API name in any case.
 * @throws SyncError ORG_OBJECT_MISSING with the nearest names that the org has, or for one that cannot be queried
 */
export async function describeObject(
  org: Pick<Salesforce, 'describe' | 'listObjects'>,
  name: string,
  signal: AbortSignal,
): Promise<ObjectDescription> {
  const objects = await org.listObjects(signal);
  const found = objects.find((object) => object.name.toLowerCase() === name.toLowerCase());
  if (found === undefined) {
    const near = nearObjects(name, objects);
    const rights = 'An object that the org does not tell is often a missing permission: ask an administrator of it.';
    throw new SyncError('ORG_OBJECT_MISSING', `The org has no object "${name}" that this user can read.`, {
      actions: near.length === 0 ? [rights] : [`Did you mean ${near.map((one) => `"${one}"`).join(' or ')}?`, rights],
      details: { object: name, near },
    });
  }
  if (!found.queryable)
    throw new SyncError('ORG_OBJECT_MISSING', `${found.name} cannot be queried, so it cannot be imported.`);
  return org.describe(found.name, signal);
}

/** Up to three: the same but for namespace, `__c`, case and blanks; then the nearest by letters; then those that begin so. */
function nearObjects(name: string, objects: readonly OrgObject[]): readonly string[] {
  const wanted = fold(name);
  const names = objects.map((object) => object.name);
  const same = objects.filter((object) => fold(object.name) === wanted || fold(object.label) === wanted);
  const close = nearest(name, names) ?? nearestFolded(wanted, names);
  const longer = names.filter((one) => wanted.length > 2 && fold(one).includes(wanted));
  return [...new Set([...same.map((object) => object.name), ...(close === null ? [] : [close]), ...longer])].slice(
    0,
    3,
  );
}

function nearestFolded(wanted: string, names: readonly string[]): string | null {
  const near = nearest(wanted, names.map(fold));
  return names.find((name) => fold(name) === near) ?? null;
}

/** Only the letters that people remember. */
function fold(text: string): string {
  return snakeName(text.replaceAll(/\s+/gu, '_')).replaceAll('_', '').replace(/s$/u, '');
}
