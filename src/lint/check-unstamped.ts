import { asksForToday } from '../config/expression-fields.ts';
import type { Position } from '../config/mapping.ts';
import type { Problem } from '../config/problem.ts';
import { writtenFields } from '../config/written-fields.ts';
import type { Condition, Query } from '../soql/ast.ts';
import { parseSoql } from '../soql/parse.ts';
import { filteredFields, selectedFields } from '../soql/paths.ts';
import type { LintedMapping } from './linted-mapping.ts';
import { finding } from './rules.ts';

const ADVICE = 'Add `refresh_formulas: 1d` to the mapping, or how old such a value may be.';

/** What changes without the record's own stamp: windows would never show it. */
export function unstampedProblems(linted: LintedMapping): readonly Problem[] {
  const { mapping } = linted;
  if (mapping.incremental === null) return refreshWithoutEffect(linted);
  return mapping.refreshFormulas === null
    ? [...unstampedValues(linted), ...unstampedFilter(linted), ...datedRules(linted)]
    : [];
}

function refreshWithoutEffect({ mapping, file }: LintedMapping): readonly Problem[] {
  if (mapping.refreshFormulas === null) return [];
  const said = 'Every run reads everything anyway: the mapping is not incremental.';
  return [finding('policy-without-effect', file.yaml.keyAt(['refresh_formulas']), said, 'Remove it.')];
}

/** Told once a mapping, at the first field. */
function unstampedValues({ mapping, file: { yaml, value } }: LintedMapping): readonly Problem[] {
  const soql = value.source?.soql;
  const fields =
    soql === undefined
      ? writtenFields(value, (text) => text.includes('.')).map(({ field, path, offset }) => ({ field, path, offset }))
      : selectedFields(parseSoql(soql)).map(({ path, offset }) => ({ field: path, path: ['source', 'soql'], offset }));
  const places = fields
    .filter(({ field }) => field.includes('.'))
    .map(({ field, path, offset }) => ({ what: field, position: yaml.inText(path, offset) }));
  const lookups = mapping.lookups.map(({ name, position }) => ({ what: `what the lookup "${name}" gives`, position }));
  const all = [...places, ...lookups];
  const [first] = all;
  if (first === undefined) return [];
  const list = [...new Set(all.map(({ what }) => what))].join(', ');
  const said = `Values of other records change without a new stamp of this one, and would grow old here: ${list}.`;
  return [finding('parent-field-without-refresh', first.position, said, ADVICE)];
}

function unstampedFilter(linted: LintedMapping): readonly Problem[] {
  return unstampedConditions(linted)
    .slice(0, 1)
    .map(({ what, place }) => {
      const said = `Whether a record meets the condition changes with ${what}, without a new stamp: it would not be read.`;
      return finding('filter-without-refresh', place, said, ADVICE);
    });
}

/** A record that such a rule leaves out is kept nowhere, so nobody would see that its day has come. */
function datedRules({ mapping }: LintedMapping): readonly Problem[] {
  return mapping.skipWhen
    .filter(({ when }) => asksForToday(when))
    .slice(0, 1)
    .map(({ name, position }) => {
      const said = `Whether "${name}" leaves a record out changes with the day, without a new stamp: it would not be read.`;
      return finding('filter-without-refresh', position, said, ADVICE);
    });
}

/** The parts of a mapping's filter that a record may come to meet, or to leave, without a change of its own. */
export function unstampedConditions({
  mapping,
  file: { yaml, value },
}: LintedMapping): readonly { readonly what: string; readonly place: Position }[] {
  const { soql, where } = value.source ?? {};
  const before = `SELECT Id FROM ${mapping.source.object} WHERE `;
  if (soql === undefined && where === undefined) return [];
  const query = parseSoql(soql ?? `${before}${where ?? ''}`);
  const start = soql === undefined ? before.length : 0;
  const path = ['source', soql === undefined ? 'where' : 'soql'];
  return unstampedParts(query).map(({ what, offset }) => ({ what, place: yaml.inText(path, offset - start) }));
}

function unstampedParts(query: Query): readonly { readonly what: string; readonly offset: number }[] {
  const parents = filteredFields({ ...query, orderBy: [] }).filter(({ path }) => path.includes('.'));
  return [
    ...parents.map(({ offset }) => ({ what: 'another record', offset })),
    ...leaves(query.where).flatMap((leaf) => {
      if (leaf.kind === 'semi-join') return [{ what: 'other records', offset: leaf.query.offset }];
      const values = leaf.kind === 'list' ? leaf.right : leaf.kind === 'compare' ? [leaf.right] : [];
      return values.flatMap(({ kind, offset }) => (kind === 'relative-date' ? [{ what: 'the day', offset }] : []));
    }),
  ];
}

function leaves(condition: Condition | null): readonly Condition[] {
  if (condition === null) return [];
  if (condition.kind === 'not') return leaves(condition.condition);
  return condition.kind === 'and' || condition.kind === 'or' ? condition.conditions.flatMap(leaves) : [condition];
}
