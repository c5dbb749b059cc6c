import type { Mapping } from '../config/mapping.ts';
import type { SourceField } from '../flow/source-object.ts';
import { formatSoql } from '../soql/format.ts';
import { parseSoql } from '../soql/parse.ts';
import { groupedCountQuery, withCondition } from '../soql/rewrite.ts';
import { quoteText } from '../soql/text-escapes.ts';
import { type FedColumn, fedColumns } from './fed-columns.ts';
import { findField, type Objects } from './find-field.ts';

/** Values of a picklist that a column does not know. */
export interface UnknownValues {
  readonly mapping: string;
  readonly object: string;
  /** As the mapping writes it. */
  readonly path: string;
  readonly fed: FedColumn;
  readonly values: readonly string[];
  /** Counts the records that have them, by value; null when the org cannot group by the field. */
  readonly count: string | null;
}

/** Picklist values that a mapping's maps and columns do not know, whether they are new or not. */
export function unknownValues(mapping: Mapping, now: Objects): readonly UnknownValues[] {
  return fedColumns(mapping).flatMap((fed): UnknownValues[] => {
    const found = findField({ object: mapping.source.object, path: fed.path }, now);
    if (found.kind !== 'field' || found.field.picklist.length === 0) return [];
    const knows = knowledgeOf(fed);
    if (knows === null) return [];
    const values = found.field.picklist.filter((value) => !knows(value));
    if (values.length === 0) return [];
    const { object, path } = { object: found.object.name, path: fed.path };
    return [{ mapping: mapping.name, object, path, fed, values, count: countOf(mapping, path, found.field, values) }];
  });
}

/** Those of the unknown values that the picklist did not have in the last run. */
export function newValues(mapping: Mapping, now: Objects, before: Objects): readonly UnknownValues[] {
  return unknownValues(mapping, now).flatMap((unknown) => {
    const was = findField({ object: mapping.source.object, path: unknown.path }, before);
    const is = findField({ object: mapping.source.object, path: unknown.path }, now);
    // A field that was no picklist has no new values: that it is one now is told anyway.
    if (was.kind !== 'field' || is.kind !== 'field' || was.field.type !== is.field.type) return [];
    const values = unknown.values.filter((value) => !was.field.picklist.includes(value));
    if (values.length === 0) return [];
    return [{ ...unknown, values, count: countOf(mapping, unknown.path, is.field, values) }];
  });
}

/** Transforms whose outcome is known here; what others make of a value only the run knows. */
const SIMPLE: Readonly<Record<string, (value: string) => string>> = {
  trim: (value) => value.trim(),
  lower: (value) => value.toLowerCase(),
  upper: (value) => value.toUpperCase(),
};

/** Whether a column knows a value; null when that cannot be said here. */
function knowledgeOf({ column: { column }, transforms, map }: FedColumn): ((value: string) => boolean) | null {
  const steps = transforms.map(({ name }) => SIMPLE[name]);
  if (steps.includes(undefined)) return null;
  const known = map === null ? (column.type.kind === 'enum' ? column.type.values : null) : Object.keys(map.values);
  if (known === null) return null;
  const set = new Set(known);
  const fold = (value: string): string => (map?.ignoreCase === true ? value.trim().toLowerCase() : value);
  return (value) => set.has(fold(steps.reduce((text, step) => step?.(text) ?? text, value)));
}

function countOf({ source }: Mapping, path: string, field: SourceField, values: readonly string[]): string | null {
  if (!field.groupable || field.type === 'multipicklist') return null;
  const some = withCondition(parseSoql(source.soql), `${path} IN (${values.map(quoteText).join(', ')})`);
  return formatSoql(groupedCountQuery(some, path));
}
