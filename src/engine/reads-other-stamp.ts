import type { Mapping } from '../config/mapping.ts';
import type { Queryable } from '../database/database.ts';
import { knownMappingId } from '../state/mappings.ts';
import { knowsRecords } from '../state/records.ts';
import { lastWholeVersion } from '../state/steps.ts';
import { findWatermark } from '../state/watermarks.ts';

/**
 * Whether what is known of the mapping's records may have been stamped by another field than the one that it reads now.
 * Then no stamp tells which state is the newer one, and what the org says now has to count: a field that moves less
 * often would make every record look older than it is here.
 */
export async function readsOtherStamp({ name, version, parts }: Mapping, database: Queryable): Promise<boolean> {
  const watermark = await findWatermark(database, name);
  if (watermark !== null) return watermark.parts['stamp'] !== parts['stamp'];
  // The usual stamp is never the lower one.
  if (parts['stamp'] === undefined) return false;
  // One that keeps no watermark, or whose first reading did not come to its end.
  const id = await knownMappingId(database, name);
  if (id === null || !(await knowsRecords(database, id))) return false;
  return (await lastWholeVersion(database, name)) !== version;
}
