import { CONFIG_RULES, type ConfigRule } from '../config/rules.ts';
import type { RuleSpec } from '../config/rule-spec.ts';
import type { Position } from '../config/mapping.ts';
import type { Problem } from '../config/problem.ts';

/** What lint looks for beyond what a project needs to be read. Names are stable. */
const LINT_RULES = {
  'circular-dependency': {
    severity: 'error',
    what: 'Mappings of one phase wait for each other, and none of their links can wait.',
    fix: 'Let a link wait (`on_missing: wait`, on a column that may be null), or resolve it in a later phase: phases: { later: { links: [table.column] } }.',
  },
  'unfilled-column': {
    severity: 'error',
    what: 'A required column without a default that the mapping does not fill.',
    fix: 'Every new row would be refused. Map the column, or give it a default in the table file.',
  },
  'default-missing': {
    severity: 'error',
    what: 'A policy `default` for a column that has none.',
    fix: 'Give the column a default in the table file, or choose another policy.',
  },
  'key-not-unique': {
    severity: 'error',
    what: 'A root table whose `key` or `match` may stand for several rows.',
    fix: 'Mark the column `unique: true`, or list the columns under `unique` in the table file.',
  },
  'each-collision': {
    severity: 'error',
    what: 'Two entries of `each` that always have the same key.',
    fix: 'The second would overwrite the first: add what tells them apart to `key`.',
  },
  'literal-secret': {
    severity: 'error',
    what: 'Something that looks like a password, a key or a token.',
    fix: 'Whoever reads the repository reads it. Take it from the environment, ${NAME}, and change it where it is used.',
  },
  'unused-field': {
    severity: 'warning',
    what: 'A field that the SOQL selects and the mapping never uses.',
    fix: 'It costs transfer and may be personal: remove it, or map it.',
  },
  'soql-stamp': {
    severity: 'warning',
    what: 'The SOQL does not select SystemModstamp, and `incremental: false` keeps it from being added.',
    fix: 'Without it, nobody can tell which of two states of a record is the newer one: add it.',
  },
  'soql-limit': {
    severity: 'warning',
    what: 'The SOQL has a LIMIT, in a mapping that is not incremental.',
    fix: 'Records past it are never read. To try a few, run with --limit instead.',
  },
  'soql-order': {
    severity: 'warning',
    what: 'The SOQL has an ORDER BY, without a LIMIT.',
    fix: 'Rows are written in whatever order records come; sorting makes the org slower, and large queries fail. Remove it.',
  },
  'parent-field-without-refresh': {
    severity: 'warning',
    what: 'A field of a parent (`Account.Name`), or a lookup, in a mapping that reads only what has changed.',
    fix: 'Its value changes without a new stamp of the record that is read: add `refresh_formulas`, after which everything is read again.',
  },
  'filter-without-refresh': {
    severity: 'warning',
    what: 'A condition on a field of a parent, on other records (`IN (SELECT ...)`) or on the day (`TODAY`, or `today` in `skip_when`), in a mapping that reads only what has changed.',
    fix: 'Records come to meet it without a new stamp, and would not be read: add `refresh_formulas`, after which everything is read again.',
  },
  'mark-overwritten': {
    severity: 'warning',
    what: '`deletes` marks rows in a column that the mapping fills from the record.',
    fix: 'Use a column of its own, which may be `owner: local`.',
  },
  'delete-reach': {
    severity: 'warning',
    what: '`deletes` with `action: hard` on rows that other tables refer to.',
    fix: 'With `on_delete: restrict` they cannot be deleted, with `cascade` rows of other imports go with them. Mark the rows instead, or change the table files.',
  },
  'leavers-unseen': {
    severity: 'warning',
    what: '`left_filter: delete`, where records leave the condition without a new stamp and `detect` has no `reconcile`.',
    fix: 'Add reconcile to `detect`, or write `left_filter: keep`.',
  },
  'link-index': {
    severity: 'warning',
    what: 'A link looks for its parent by a column that no index leads to.',
    fix: 'Add `index: true` to that column in its table file. (`ignore_case` uses no index: keep it for small tables, or bring both sides to one case with `transform: [lower]`.)',
  },
  'link-before-parent': {
    severity: 'warning',
    what: 'A link is resolved before the phase in which its parent is read, and cannot wait for it.',
    fix: 'Resolve it in a later phase. (With `on_missing: wait`, on a column that may be null, it is linked in the same run.)',
  },
  'shared-table': {
    severity: 'warning',
    what: 'Two mappings write the same root table, and nothing tells their rows apart.',
    fix: 'They would overwrite each other. Give each a constant of its own, like type: { value: student }.',
  },
  'truncate-too-long': {
    severity: 'warning',
    what: 'truncate keeps more characters than the column holds.',
    fix: 'Use the length of the column.',
  },
  'policy-without-effect': {
    severity: 'warning',
    what: 'A policy for something that cannot happen: on_unknown without `map`, on_missing without `link`, create without on_missing: create.',
    fix: 'Remove it, or add what it is for.',
  },
  'pii-unmarked': {
    severity: 'warning',
    what: 'A column takes a personal field (a name, an address, a birthday), but is not marked `pii: true`.',
    fix: 'Mark it in the table file, so that its values stay out of logs and reports.',
  },
  'revealed-personal': {
    severity: 'warning',
    what: '`privacy.reveal`, or the `id` of a file, shows a field that feeds a personal column.',
    fix: 'Remove it, unless everybody who sees reports may see it; tell the lines of a file apart by something else.',
  },
  'insecure-login': {
    severity: 'warning',
    what: 'login_url is http:// and not on this machine: credentials would travel readable.',
    fix: 'Use https://.',
  },
  'unused-lookup': {
    severity: 'warning',
    what: 'A lookup that no column uses.',
    fix: 'Use it with { from: ..., lookup: name }, or remove it.',
  },
  'unused-table': {
    severity: 'warning',
    what: 'A table file that no mapping and no other table uses.',
    fix: 'Map it, or remove the file.',
  },
  'unused-map': {
    severity: 'warning',
    what: 'A map file that no column uses.',
    fix: 'Use it, or remove the file.',
  },
  'org-object-missing': {
    severity: 'error',
    what: 'With --org: an object that the org does not show to this user.',
    fix: 'Correct the name, or grant read permission to the user of the integration.',
  },
  'org-field-missing': {
    severity: 'error',
    what: 'With --org: a field that the org does not show to this user.',
    fix: 'Correct the name. A field that has vanished is often a lost permission (field-level security).',
  },
  'org-cursor': {
    severity: 'error',
    what: 'With --org: the object has no such field to find changes by, or it is no date-time.',
    fix: 'Write `incremental: { cursor: LastModifiedDate }`, or `incremental: false` to read everything in every run.',
  },
  'cursor-nullable': {
    severity: 'warning',
    what: 'With --org: the field to find changes by may be empty.',
    fix: 'No window holds records without it, so every run reads all of them. Take SystemModstamp, which moves with every change, or have the field required in the org.',
  },
  'formula-without-refresh': {
    severity: 'warning',
    what: "With --org: a formula, a roll-up or a parent's field, in a mapping that reads only what has changed.",
    fix: 'It can change while the stamp of the record does not. Have everything read again now and then: `refresh_formulas: 1d`.',
  },
  'field-type': {
    severity: 'warning',
    what: 'With --org: a field whose type does not fit its column.',
    fix: 'Values that do not fit go by on_invalid. Change the type in the table file, or add a transform.',
  },
  'field-too-long': {
    severity: 'warning',
    what: 'With --org: a text that can be longer than its column.',
    fix: 'Longer values go by on_invalid. Lengthen the column, or cut them: `transform: [{ truncate: { length: n } }]`.',
  },
  'picklist-unmapped': {
    severity: 'warning',
    what: 'With --org: a picklist has values that the map, or the enum of the column, does not have.',
    fix: 'Records with them are quarantined. Add them, or choose another `on_unknown`.',
  },
  'database-differs': {
    severity: 'error',
    what: 'With --db: the tables that are there do not take what the mappings write; what `sluice db check` finds.',
    fix: 'Run `sluice db diff`, then `sluice db migrate`, or correct the table file.',
  },
} as const satisfies Record<string, RuleSpec>;

const ALL = { ...CONFIG_RULES, ...LINT_RULES } as const;

/** Every rule that `sluice lint` knows. The docs page is made from this. */
export const RULES: Readonly<Record<string, RuleSpec>> = ALL;

export type LintRule = keyof typeof LINT_RULES;

export function finding(
  rule: LintRule | ConfigRule,
  position: Position,
  message: string,
  suggestion: string | null = null,
): Problem {
  const { file, line, column } = position;
  return { file, line, column, rule, severity: ALL[rule].severity, message, suggestion };
}
