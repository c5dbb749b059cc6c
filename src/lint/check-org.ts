import type { Mapping, Position } from '../config/mapping.ts';
import type { Problem } from '../config/problem.ts';
import { fedColumns } from '../drift/fed-columns.ts';
import { findField, type Objects } from '../drift/find-field.ts';
import { cursorNotes, missingFields } from '../drift/missing-fields.ts';
import { unknownValues } from '../drift/new-values.ts';
import type { SyncError } from '../errors/sync-error.ts';
import { mayBeBlank } from '../extract/extract.ts';
import { parseSoql } from '../soql/parse.ts';
import { filteredFields, selectedFields } from '../soql/paths.ts';
import { fieldFit } from './field-fit.ts';
import type { LintedMapping } from './linted-mapping.ts';
import { finding } from './rules.ts';

/** What the org says about the objects that the mappings read. */
export interface OrgView {
  readonly objects: Objects;
  /** Why an object could not be described, by its name in lower case. */
  readonly failures: ReadonlyMap<string, SyncError>;
}

/** What a mapping needs against what the org has. */
export function orgProblems(linted: LintedMapping, { objects, failures }: OrgView): readonly Problem[] {
  const { mapping } = linted;
  if (mapping.source.file !== null) return [];
  const failure = failures.get(mapping.source.object.toLowerCase());
  if (failure !== undefined) {
    return [finding('org-object-missing', placeOf(linted, null), failure.message, failure.actions[0] ?? null)];
  }
  return [
    ...[...missingFields(mapping, objects, NOTHING), ...cursorNotes(mapping, objects)].map(({ kind, field, message }) =>
      finding(kind === 'cursor' ? 'org-cursor' : 'org-field-missing', placeOf(linted, field), message),
    ),
    ...emptyCursor(linted, objects),
    ...staleFields(linted, objects),
    ...fitProblems(mapping, objects),
    ...valueProblems(mapping, objects),
  ];
}

/** Lint looks at what is; what was is a run's to compare. */
const NOTHING: Objects = new Map();

/** A cursor that need not be filled in: a record without it is in no stretch of time. */
function emptyCursor(linted: LintedMapping, objects: Objects): readonly Problem[] {
  const { source, incremental } = linted.mapping;
  if (incremental === null) return [];
  const { cursor } = incremental;
  const found = findField({ object: source.object, path: cursor }, objects);
  if (found.kind !== 'field' || !found.field.nillable || !mayBeBlank(cursor)) return [];
  const message = `${source.object}.${cursor} may be empty: every run reads all records in which it is.`;
  return [finding('cursor-nullable', placeOf(linted, cursor), message)];
}

/** Fields that can change while the record's stamp does not: formulas, roll-ups, and everything of a parent's. */
function staleFields(linted: LintedMapping, objects: Objects): readonly Problem[] {
  const { source, incremental, refreshFormulas } = linted.mapping;
  if (incremental === null || refreshFormulas !== null) return [];
  return source.fields.flatMap((path) => {
    const found = findField({ object: source.object, path }, objects);
    const isParents = path.includes('.');
    if (!isParents && (found.kind !== 'field' || !found.field.calculated)) return [];
    const what = isParents ? "is a parent's" : 'is a formula or a roll-up';
    const message = `${source.object}.${path} ${what}: it can change without a new ${incremental.cursor}, and no window would hold the record.`;
    return [finding('formula-without-refresh', placeOf(linted, path), message, 'Add `refresh_formulas: 1d`.')];
  });
}

function fitProblems(mapping: Mapping, objects: Objects): readonly Problem[] {
  return fedColumns(mapping).flatMap((fed) => {
    const found = findField({ object: mapping.source.object, path: fed.path }, objects);
    const trouble = found.kind === 'field' ? fieldFit(found.field, fed) : null;
    if (trouble === null) return [];
    return [finding(trouble.rule, fed.column.position, `${mapping.source.object}.${fed.path} ${trouble.message}`)];
  });
}

/** Only where they would be quarantined: any other policy has been chosen for them. */
function valueProblems(mapping: Mapping, objects: Objects): readonly Problem[] {
  return unknownValues(mapping, objects).flatMap(({ object, path, fed, values }) => {
    if (fed.column.onUnknown !== 'quarantine' || fed.column.input.kind === 'first_of') return [];
    const known = fed.map === null ? `${fed.name} does not allow` : `the map ${fed.map.name} does not have`;
    const message = `${object}.${path} has values that ${known}: ${values.join(', ')}.`;
    return [finding('picklist-unmapped', fed.column.position, message)];
  });
}

/** Where a field stands in the file: in the SOQL, or where the source begins. */
function placeOf({ file: { yaml, value } }: LintedMapping, field: string | null): Position {
  const soql = value.source?.soql;
  if (soql === undefined || field === null) return yaml.at(['source']);
  const query = parseSoql(soql);
  const uses = [...selectedFields(query), ...filteredFields(query)];
  const use = uses.find(({ path }) => path.toLowerCase() === field.toLowerCase());
  return use === undefined ? yaml.at(['source']) : yaml.inText(['source', 'soql'], use.offset);
}
