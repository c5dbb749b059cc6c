import type { Mapping } from '../config/mapping.ts';
import { findDrift } from '../drift/drift.ts';
import { byName, type Objects } from '../drift/find-field.ts';
import type { SyncError } from '../errors/sync-error.ts';
import type { DriftNote } from '../flow/drift-note.ts';
import type { SourceObject } from '../flow/source-object.ts';
import type { ObjectDescription } from '../salesforce/describe.ts';
import { type Check, fail, failed, ok, warn } from './check.ts';

/** What the org says about the objects that the mappings read. */
export interface OrgView {
  readonly objects: ReadonlyMap<string, ObjectDescription>;
  /** Why an object could not be described, by its name in lower case. */
  readonly failures: ReadonlyMap<string, SyncError>;
}

/** Whether every mapping's fields are there, and what has changed about them since the last run. */
export async function mappingChecks(
  mappings: readonly Mapping[],
  view: OrgView,
  before: readonly SourceObject[],
): Promise<readonly Check[]> {
  const now: Objects = view.objects;
  const checks = await Promise.all(
    mappings.map(async (mapping) => {
      // Counting the records of new values is a run's: it costs calls.
      const notes = await findDrift([mapping], { now, before: byName(before) }, async () => Promise.resolve(null));
      return mappingCheck(mapping, view, notes);
    }),
  );
  return checks.flat();
}

function mappingCheck(
  { name, source }: Mapping,
  { objects, failures }: OrgView,
  notes: readonly DriftNote[],
): readonly Check[] {
  const what = `mapping ${name}`;
  const failure = failures.get(source.object.toLowerCase());
  if (failure !== undefined) return [failed(what, failure)];
  const root = objects.get(source.object.toLowerCase());
  if (root?.queryable === false) {
    return [fail(what, `${root.name} cannot be queried.`, 'Read another object, or ask an administrator of the org.')];
  }
  const missing = notes.filter(({ severity }) => severity === 'error');
  const changed = notes.filter(({ severity }) => severity === 'warning');
  return [
    missing.length === 0
      ? ok(what, `${source.object}, ${source.fields.length} fields can be read`)
      : fail(what, missing.map(({ message }) => message).join(' '), MENDING),
    ...changed.map(({ message }) => warn(what, message, 'The next run tells it as well, and then takes it as known.')),
  ];
}

const MENDING = 'Check the names; grant read permission (a permission set) to the user of the integration.';
