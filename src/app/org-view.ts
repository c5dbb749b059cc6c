import type { Mapping } from '../config/mapping.ts';
import { byName, type Objects, undescribed } from '../drift/find-field.ts';
import { usedFields } from '../drift/used-fields.ts';
import type { SyncError } from '../errors/sync-error.ts';
import { describeNeeded } from '../extract/extract.ts';
import type { ObjectDescription } from '../salesforce/describe.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';

/** What the org says about the objects that these mappings read, their parents included, in as few calls as it allows. */
export async function orgView(
  mappings: readonly Mapping[],
  salesforce: Salesforce,
  signal: AbortSignal,
): Promise<{
  readonly objects: ReadonlyMap<string, ObjectDescription>;
  readonly failures: ReadonlyMap<string, SyncError>;
}> {
  const fields = mappings.flatMap(usedFields);
  const missing = (found: Objects): readonly string[] => undescribed(fields, found);
  const described = await describeNeeded(missing(new Map()), (found) => missing(byName(found)), { salesforce, signal });
  return { objects: byName(described.objects), failures: described.failures };
}
