import type { Mapping } from '../config/mapping.ts';
import { nearest } from '../config/nearest.ts';
import type { DriftNote } from '../flow/drift-note.ts';
import type { SourceField, SourceObject } from '../flow/source-object.ts';
import { findField, type Objects } from './find-field.ts';
import { usedFields } from './used-fields.ts';

/**
 * What a mapping needs and the org does not show, in words.
 * @param before  the objects as they were in the last run
 */
export function missingFields(mapping: Mapping, now: Objects, before: Objects): readonly DriftNote[] {
  return usedFields(mapping).flatMap((used): DriftNote[] => {
    const found = findField(used, now);
    if (found.kind !== 'missing') return [];
    const { object, name } = found;
    const isCursor = used.object === mapping.source.object && isSame(used.path, mapping.incremental?.cursor ?? '');
    return [
      {
        object: object.name,
        field: used.path,
        kind: isCursor ? 'cursor' : 'missing',
        message: isCursor
          ? cursorText(object, name, mapping.name)
          : missingText(object, name, before.get(object.name.toLowerCase())),
        severity: 'error',
        records: null,
        mappings: [mapping.name],
      },
    ];
  });
}

/** The cursor of a mapping that is there, but by which no window can be asked for. */
export function cursorNotes(mapping: Mapping, now: Objects): readonly DriftNote[] {
  if (mapping.incremental === null || mapping.source.file !== null) return [];
  const { cursor } = mapping.incremental;
  const found = findField({ object: mapping.source.object, path: cursor }, now);
  if (found.kind !== 'field' || found.field.type === 'datetime') return [];
  const message = `${found.object.name}.${cursor} is a ${found.field.type}: only a date-time can be a cursor.`;
  return [
    {
      object: found.object.name,
      field: cursor,
      kind: 'cursor',
      message,
      severity: 'error',
      records: null,
      mappings: [mapping.name],
    },
  ];
}

/** Stamps of the org, the better one first. */
const STAMPS = ['SystemModstamp', 'LastModifiedDate', 'CreatedDate'];

function cursorText(object: SourceObject, cursor: string, mapping: string): string {
  const other = STAMPS.find((stamp) => object.fields.some(({ name, type }) => name === stamp && type === 'datetime'));
  const instead =
    other === undefined || other === 'CreatedDate'
      ? 'Write `incremental: false`'
      : `Write \`incremental: { cursor: ${other} }\` or \`incremental: false\``;
  return `${object.name} has no ${cursor}, so nobody can tell what has changed. ${instead} in the mapping ${mapping}.`;
}

function missingText(object: SourceObject, name: string, before: SourceObject | undefined): string {
  const was = before?.fields.find((field) => isNamed(field, name));
  if (was === undefined || before === undefined) {
    const near = nearest(
      name,
      object.fields.map((field) => field.name),
    );
    const meant = near === null ? '' : ` Is ${near} meant?`;
    return `${object.name} has no field ${name} that this user can read.${meant}`;
  }
  const gone = `${object.name}.${name} is not there any more`;
  const renamed = renamedTo(was, object, before);
  return renamed === null
    ? `${gone}: it was deleted, or the permission to read it was lost.`
    : `${gone}: renamed to ${renamed.name}? (${renamed.why}) Or the permission to read it was lost.`;
}

/** The field that this one may have become: one that was not there, and looks like it. */
function renamedTo(
  was: SourceField,
  object: SourceObject,
  before: SourceObject,
): { readonly name: string; readonly why: string } | null {
  const added = object.fields.filter(
    ({ name, type }) => type === was.type && !before.fields.some((one) => isNamed(one, name)),
  );
  const alike = added.find(({ label }) => isSame(label, was.label));
  if (alike !== undefined) return { name: alike.name, why: 'same label' };
  const near = nearest(
    was.name,
    added.map(({ name }) => name),
  );
  return near === null ? null : { name: near, why: 'a similar name' };
}

/** By its own name, or by that of the relationship that it is. */
function isNamed({ name, relationshipName }: SourceField, wanted: string): boolean {
  return isSame(name, wanted) || isSame(relationshipName ?? '', wanted);
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
