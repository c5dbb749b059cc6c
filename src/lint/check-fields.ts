import type { Problem } from '../config/problem.ts';
import { writtenFields } from '../config/written-fields.ts';
import { parseSoql } from '../soql/parse.ts';
import { selectedFields } from '../soql/paths.ts';
import type { LintedMapping } from './linted-mapping.ts';
import { finding } from './rules.ts';

/** Read by the engine itself, whatever the columns use. */
const ENGINE_FIELDS = ['id', 'systemmodstamp'];
const SOQL = ['source', 'soql'] as const;

/** What the SOQL selects against what the columns use. */
export function fieldProblems({ mapping, file: { yaml, value } }: LintedMapping): readonly Problem[] {
  const soql = value.source?.soql;
  if (soql === undefined) return [];
  const query = parseSoql(soql);
  const selected = selectedFields(query);
  const known = new Set(selected.map(({ path }) => path.toLowerCase()));
  const used = new Set([
    ...ENGINE_FIELDS,
    ...writtenFields(value, (text) => known.has(text.toLowerCase())).map(({ field }) => field.toLowerCase()),
  ]);
  return [
    ...selected
      .filter(({ path }) => !used.has(path.toLowerCase()))
      .map(({ path, offset }) =>
        finding(
          'unused-field',
          yaml.inText(SOQL, offset),
          `${path} is selected, but no column uses it.`,
          'Remove it, or map it.',
        ),
      ),
    ...(known.has('systemmodstamp') || mapping.incremental !== null
      ? []
      : [
          finding(
            'soql-stamp',
            yaml.inText(SOQL, query.from.offset),
            'SystemModstamp is not selected.',
            'Add it to the SELECT.',
          ),
        ]),
    ...(query.limit === null || mapping.incremental !== null
      ? []
      : [
          finding(
            'soql-limit',
            yaml.inText(SOQL, query.end),
            `Only ${query.limit} records are ever read.`,
            'Remove LIMIT; run with --limit instead.',
          ),
        ]),
    ...query.orderBy
      .slice(0, query.limit === null ? 1 : 0)
      .map(({ offset }) =>
        finding(
          'soql-order',
          yaml.inText(SOQL, offset),
          'ORDER BY has no effect on rows, and makes the org sort everything.',
          'Remove it.',
        ),
      ),
  ];
}
