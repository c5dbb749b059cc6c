import type { SourceBatch, SourceRecord } from '../flow/source-batch.ts';
import { changedRecords } from '../state/records.ts';
import type { KnownState } from './commit-deps.ts';
import type { StepDeps } from './step-deps.ts';

/** A record that comes twice in a batch is loaded once, as it was last; the older one changes nothing. */
export function latestOfEach({ records }: SourceBatch): readonly SourceRecord[] {
  const latest = new Map<string, SourceRecord>();
  const nameless: SourceRecord[] = [];
  for (const record of records) {
    if (record.id === '') nameless.push(record);
    else {
      const other = latest.get(record.id);
      if (other === undefined || record.stamp >= other.stamp) latest.set(record.id, record);
    }
  }
  return latest.size + nameless.length === records.length ? records : [...latest.values(), ...nameless];
}

export type ChangeFilter = (records: readonly SourceRecord[]) => Promise<readonly SourceRecord[]>;

/** Past this share of changed records, asking first costs more than it saves. */
const MOSTLY_CHANGED = 0.5;
/** Batches that go straight through before it is asked again. */
const BATCHES_UNASKED = 4;

/**
 * Leaves out the records that are as they were when they were last loaded. Asks the database only while that pays: a
 * first load and a full refresh send everything, and so do the next batches after one that had mostly changed.
 * @param always  true to ask for each batch: where records meet in one row, one that has not changed must not compete anew
 * @param asksOthers  true where a record becomes something else by what other records say: then everything that is read
 *   in full is looked at, because nothing of the record itself tells
 */
export function changeFilter(
  known: KnownState,
  { always, asksOthers }: { readonly always: boolean; readonly asksOthers: boolean },
  { scope, fullRefresh, tally }: Pick<StepDeps, 'scope' | 'fullRefresh' | 'tally'>,
): ChangeFilter {
  let unasked = 0;
  return async (records) => {
    if (fullRefresh || !known.records || records.length === 0) return records;
    const { reading } = tally;
    if (asksOthers && reading?.kind === 'full' && (!always || reading.resumed_job === null)) return records;
    if (unasked > 0) {
      unasked -= 1;
      return records;
    }
    const places = await changedRecords(scope, known.mappingId, records);
    if (!always && places.length > records.length * MOSTLY_CHANGED) unasked = BATCHES_UNASKED;
    return places.flatMap((place) => records[place] ?? []);
  };
}
