import type { Mapping } from '../config/mapping.ts';
import type { DriftKind, DriftNote } from '../flow/drift-note.ts';
import type { SourceField } from '../flow/source-object.ts';
import { fedColumns } from './fed-columns.ts';
import { findField, type Objects } from './find-field.ts';
import { type UsedField, usedFields } from './used-fields.ts';

/** How the fields that a mapping reads differ from what they were in the last run; see {@link DriftKind}. */
export function fieldChanges(mapping: Mapping, now: Objects, before: Objects): readonly DriftNote[] {
  return usedFields(mapping).flatMap((used) => {
    const is = findField(used, now);
    const was = findField(used, before);
    if (is.kind !== 'field' || was.kind !== 'field') return [];
    const label = `${is.object.name}.${is.field.name}`;
    return changesOf(label, was.field, is.field, shortestColumn(mapping, used)).map(([kind, message]): DriftNote => ({
      object: is.object.name,
      field: used.path,
      kind,
      message,
      severity: 'warning',
      records: null,
      mappings: [mapping.name],
    }));
  });
}

type Change = readonly [DriftKind, string];

function changesOf(label: string, was: SourceField, is: SourceField, column: ShortColumn | null): readonly Change[] {
  const changes: Change[] = [];
  if (was.type !== is.type) {
    changes.push(['retyped', `${label} was a ${was.type} and is a ${is.type} now: its values may not fit any more.`]);
  } else if (is.length < was.length) {
    const lengths = `${label} took ${was.length} characters and takes ${is.length} now`;
    changes.push(['shortened', `${lengths}: longer values stay as they are until somebody edits them.`]);
  } else if (is.length > was.length && column !== null && is.length > column.length) {
    const lengths = `${label} took ${was.length} characters and takes ${is.length} now`;
    changes.push(['lengthened', `${lengths}: ${column.name} holds ${column.length}.`]);
  }
  if (was.nillable && !is.nillable && !is.defaulted) {
    changes.push(['required', `${label} must be filled in now: records from before may still be blank.`]);
  }
  if (!was.calculated && is.calculated) {
    const what = `${label} is a formula or a roll-up now: it can change without a new stamp`;
    changes.push(['calculated', `${what}. Set \`refresh_formulas\` in the mapping.`]);
  }
  return changes;
}

interface ShortColumn {
  readonly name: string;
  readonly length: number;
}

/** The shortest text column that takes the field as it comes. */
function shortestColumn(mapping: Mapping, { object, path }: UsedField): ShortColumn | null {
  if (object !== mapping.source.object) return null;
  const fed = fedColumns(mapping).flatMap(({ path: fedPath, name, column: { column }, map, transforms }) => {
    const isSame = fedPath.toLowerCase() === path.toLowerCase();
    const isCut = map !== null || transforms.some((call) => call.name === 'truncate');
    return isSame && !isCut && column.type.kind === 'string' ? [{ name, length: column.type.length }] : [];
  });
  return fed.toSorted((one, other) => one.length - other.length)[0] ?? null;
}
