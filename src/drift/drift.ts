import type { Mapping } from '../config/mapping.ts';
import type { DriftNote } from '../flow/drift-note.ts';
import type { FedColumn } from './fed-columns.ts';
import { fieldChanges } from './field-changes.ts';
import type { Objects } from './find-field.ts';
import { cursorNotes, missingFields } from './missing-fields.ts';
import { newValues, type UnknownValues } from './new-values.ts';

/** Records that have each of the new values; null where nobody counted. */
export type CountValues = (unknown: UnknownValues) => Promise<ReadonlyMap<string, number> | null>;

/**
 * What has become of the fields of these mappings since the last run, and what they need that is not there. Told once
 * for each field, whichever mappings it matters to.
 * @param before  the objects as they were in the last run; empty when there was none
 */
export async function findDrift(
  mappings: readonly Mapping[],
  { now, before }: { readonly now: Objects; readonly before: Objects },
  count: CountValues,
): Promise<readonly DriftNote[]> {
  const notes = mappings.flatMap((mapping) => [
    ...missingFields(mapping, now, before),
    ...cursorNotes(mapping, now),
    ...fieldChanges(mapping, now, before),
  ]);
  for (const unknown of mappings.flatMap((mapping) => newValues(mapping, now, before))) {
    notes.push(valuesNote(unknown, await count(unknown)));
  }
  return together(notes);
}

function valuesNote(
  { mapping, object, path, fed, values }: UnknownValues,
  counts: ReadonlyMap<string, number> | null,
): DriftNote {
  const named = values.map((value) => (counts === null ? value : `${value} (${recordsText(counts.get(value) ?? 0)})`));
  const known = fed.map === null ? `${fed.name} does not allow` : `the map ${fed.map.name} does not have`;
  const more = values.length === 1 ? 'a new value' : `${values.length} new values`;
  return {
    object,
    field: path,
    kind: 'new_values',
    message: `${object}.${path} has ${more} that ${known} (${fateText(fed)}): ${named.join(', ')}.`,
    severity: 'warning',
    records: counts === null ? null : values.reduce((sum, value) => sum + (counts.get(value) ?? 0), 0),
    mappings: [mapping],
  };
}

function recordsText(records: number): string {
  return records === 1 ? '1 record' : `${records} records`;
}

/** What becomes of a record that has one. */
function fateText({ column }: FedColumn): string {
  return column.input.kind === 'first_of' ? 'the next of first_of is tried' : `on_unknown: ${column.onUnknown}`;
}

/** Notes that say the same of several mappings, as one. */
function together(notes: readonly DriftNote[]): readonly DriftNote[] {
  const known = new Map<string, DriftNote>();
  for (const note of notes) {
    const key = `${note.kind} ${note.message}`;
    const other = known.get(key);
    const mappings = [...new Set([...(other?.mappings ?? []), ...note.mappings])];
    known.set(key, { ...(other ?? note), mappings });
  }
  return [...known.values()];
}
