import { CASE_RULES } from './case-rules.ts';
import type { Position } from './mapping.ts';
import type { Problem } from './problem.ts';
import type { RuleSpec } from './rule-spec.ts';

/** Problems that stop the project from being read at all. Names are stable. */
export const CONFIG_RULES = {
  'file-missing': {
    severity: 'error',
    what: 'A file cannot be read.',
    fix: 'Check the path and the rights of the file.',
  },
  'yaml-syntax': {
    severity: 'error',
    what: 'The text is not YAML 1.2.',
    fix: 'Often an indentation, a missing quote or a `: ` inside a text; quote the text.',
  },
  'duplicate-key': {
    severity: 'error',
    what: 'A key is written twice in one map.',
    fix: 'Only one of them could count, and nobody would see which: remove one.',
  },
  'yaml-alias': {
    severity: 'error',
    what: 'Aliases repeat so much that the file would grow out of bounds, or name no anchor.',
    fix: 'Write the values out.',
  },
  'file-too-large': {
    severity: 'error',
    what: 'A YAML file is larger than 1 MB.',
    fix: 'Split it: mappings are made for people to read.',
  },
  'env-missing': {
    severity: 'error',
    what: 'An environment variable that sync.config.yaml names is not set.',
    fix: 'Set it, or give a default: ${NAME:-default}.',
  },
  'env-syntax': {
    severity: 'error',
    what: 'A ${...} is not ${NAME} or ${NAME:-default}.',
    fix: 'Names are capital letters, digits and _; close the brace.',
  },
  'unknown-key': {
    severity: 'error',
    what: 'A key that the file format does not have.',
    fix: 'A misspelt key would be ignored in silence. Keys that begin with x- are free.',
  },
  'missing-key': { severity: 'error', what: 'A key that must be there is not.', fix: 'Add it.' },
  'wrong-type': {
    severity: 'error',
    what: 'A value of the wrong kind: text for a number, a list for a map.',
    fix: 'Write what the message names; texts that look like numbers need quotes.',
  },
  'wrong-value': {
    severity: 'error',
    what: 'A value outside the closed list or the form that the key takes.',
    fix: 'Use one of the values that the message names.',
  },
  'duplicate-name': {
    severity: 'error',
    what: 'Two files declare the same mapping, table or map, or a mapping has two rules of one name.',
    fix: 'Rename one of them.',
  },
  'name-differs': {
    severity: 'error',
    what: 'A table or map file declares another name than its file has.',
    fix: 'Rename the file or the table, so that both can be found by one name.',
  },
  'unknown-table': {
    severity: 'error',
    what: 'A table that no file in mappings/tables declares.',
    fix: 'Correct the name or add the table file.',
  },
  'unknown-column': {
    severity: 'error',
    what: 'A column that the table file does not have.',
    fix: 'Correct the name or add the column to the table file.',
  },
  'unknown-map': {
    severity: 'error',
    what: 'A value map that no file in mappings/maps declares.',
    fix: 'Correct the name or add the map file.',
  },
  'unknown-transform': {
    severity: 'error',
    what: 'A transform that does not exist.',
    fix: 'Correct the name.',
  },
  'transform-arguments': {
    severity: 'error',
    what: 'Arguments that the transform does not take, or that it misses.',
    fix: 'Write them as { name: { argument: value } }.',
  },
  plugin: {
    severity: 'error',
    what: 'A plugin that cannot be loaded: no such file, no definePlugin, an error in its code.',
    fix: 'Correct the path or the plugin; the message says what it said.',
  },
  'unknown-function': {
    severity: 'error',
    what: 'A function that no plugin of the project has.',
    fix: 'Correct the name, or list its plugin under `plugins` in sync.config.yaml.',
  },
  'function-kind': {
    severity: 'error',
    what: 'A function of the wrong kind: a check where a transform is needed.',
    fix: 'Name a function of the kind that the message asks for.',
  },
  'function-arguments': {
    severity: 'error',
    what: 'Arguments that a function of a plugin does not take, or that it misses.',
    fix: 'Write them as { plugin.function: { argument: value } }.',
  },
  expression: {
    severity: 'error',
    what: 'An expression that does not parse, names what is not there, or mixes kinds of values.',
    fix: 'Correct it at the place that the message names. Columns are seen by those that stand after them.',
  },
  'unknown-lookup': {
    severity: 'error',
    what: 'A lookup that the mapping does not declare.',
    fix: 'Correct the name, or add it to `lookups` of the mapping.',
  },
  'unknown-phase': {
    severity: 'error',
    what: 'A phase that sync.config.yaml does not list, or none where several exist.',
    fix: 'Correct the name or add the phase to `phases` in sync.config.yaml.',
  },
  'phase-links': {
    severity: 'error',
    what: 'A later phase of a mapping that resolves no link, or names something that is no link.',
    fix: 'Only the first phase reads; list `links: [table.column]` for the others, each in one phase.',
  },
  'table-roles': {
    severity: 'error',
    what: 'The tables of a mapping do not form one root with its extensions and children.',
    fix: 'One table without `extends` and `parent` is the root; child tables need `each` and `parent`.',
  },
  'extends-cycle': {
    severity: 'error',
    what: 'Tables extend each other in a circle.',
    fix: 'Remove one `extends`.',
  },
  'primary-key': {
    severity: 'error',
    what: 'The primary key of a table is not one of its columns, or cannot be generated.',
    fix: 'Name a column, or leave `primary_key` out and get an `id` that the database numbers.',
  },
  'column-type': {
    severity: 'error',
    what: 'A column whose parts do not go together: enum without values, a range on text, a default that does not fit.',
    fix: 'Correct the column in the table file.',
  },
  'unknown-reference': {
    severity: 'error',
    what: 'A foreign key to a table or column that does not exist, is not unique, or has another type.',
    fix: 'Refer to the primary key or a unique column of the same type.',
  },
  'column-input': {
    severity: 'error',
    what: 'A column that takes its value from nowhere, or from two places.',
    fix: 'Give one of `from`, `value`, `expr` and `first_of`; `use` and `lookup` go with `from`.',
  },
  'column-setting': {
    severity: 'error',
    what: 'A setting that does not go with its column: now_when on a text, split where there is one value.',
    fix: 'Remove it, or write what the message says.',
  },
  'table-setting': {
    severity: 'error',
    what: 'A setting that does not go with its table: `prefer` on a child, `adopt` without the id as key.',
    fix: 'Move it to the table that it is for, or remove it.',
  },
  'value-misfit': {
    severity: 'error',
    what: 'A constant, or a value of a map, that the column cannot hold.',
    fix: 'Correct the value, or the type, length, values or check of the column.',
  },
  'each-entry': {
    severity: 'error',
    what: 'Entries of `each` that do not fit their table.',
    fix: 'Every entry names columns of the table with a selected field, or a constant that fits the column.',
  },
  'key-missing': {
    severity: 'error',
    what: 'No `key`, where a table needs one to find its rows again.',
    fix: 'Name the column that holds the Salesforce id, or what makes a row unique within its parent.',
  },
  'key-unmapped': {
    severity: 'error',
    what: 'A key column that the mapping does not fill.',
    fix: 'Map the column: without it no row would ever be found again.',
  },
  'soql-missing': {
    severity: 'error',
    what: 'A source with neither `soql` nor `object` nor `file`.',
    fix: 'Write `soql`, `object` with or without `where`, or `file`.',
  },
  'soql-syntax': {
    severity: 'error',
    what: 'The SOQL does not parse.',
    fix: 'Correct it at the place that the message names.',
  },
  'soql-object': {
    severity: 'error',
    what: '`object` and the FROM of the SOQL differ.',
    fix: 'Leave `object` out, or correct one of them.',
  },
  'soql-id': {
    severity: 'error',
    what: 'The SOQL does not select Id.',
    fix: 'Every record needs its Id, for quarantine and for the second run.',
  },
  'unselected-field': {
    severity: 'error',
    what: 'A mapped field that the SOQL does not select.',
    fix: 'Add it to the SELECT, or correct the name.',
  },
  'unknown-link': {
    severity: 'error',
    what: 'A link to a table that no mapping fills.',
    fix: 'Add the mapping of the parent, or leave the link out.',
  },
  'link-key': {
    severity: 'error',
    what: 'A link by a column that is not unique in the parent table, or that does not exist.',
    fix: 'Mark the column `unique` in the table file, name another one with { table, by }, or take the first: { table, by, pick: first }.',
  },
  'link-policy': {
    severity: 'error',
    what: 'A link that may wait where it cannot: in a child table, in a key, in a table whose primary key has several columns.',
    fix: 'Choose another `on_missing`, or resolve the link in the phase that reads.',
  },
  'stub-columns': {
    severity: 'error',
    what: 'A parent that a link is to create cannot be made: a required column stays empty.',
    fix: 'Add the column to `values` or `copy` of `create`, or a default to the table file.',
  },
  'unknown-mapping': {
    severity: 'error',
    what: 'A mapping that does not exist.',
    fix: 'Correct the name.',
  },
  ...CASE_RULES,
  'local-column': {
    severity: 'error',
    what: 'A column with `owner: local`, or one that Sluice or the database fills, is written by a mapping.',
    fix: 'Imports never touch it: remove it from the mapping, or change its owner in the table file.',
  },
  'incremental-setting': {
    severity: 'error',
    what: 'Reading only what changed would lose records: a lookback under a minute, LIMIT in the SOQL; or it is set for a file.',
    fix: 'Correct it, or read everything in every run: `incremental: false`.',
  },
  'deletes-setting': {
    severity: 'error',
    what: 'Parts of `deletes` that do not go together: a column beside `hard`, a key that is to mark rows, a file as source.',
    fix: '`soft` takes `column` and `value`; `hard` and `ignore` take neither.',
  },
} as const satisfies Record<string, RuleSpec>;

export type ConfigRule = keyof typeof CONFIG_RULES;

/** Where problems are put while the project is read. */
export interface ProblemSink {
  report(rule: ConfigRule, position: Position, message: string, suggestion?: string | null): void;
}

export interface ProblemList extends ProblemSink {
  readonly problems: readonly Problem[];
}

export function problemList(): ProblemList {
  const problems: Problem[] = [];
  return {
    problems,
    report: (rule, position, message, suggestion = null) => {
      problems.push({ ...position, rule, severity: CONFIG_RULES[rule].severity, message, suggestion });
    },
  };
}

/** The same, but for rules that would only repeat what has been told elsewhere. */
export function without(sink: ProblemSink, rules: readonly ConfigRule[]): ProblemSink {
  return { report: (rule, ...rest) => (rules.includes(rule) ? undefined : sink.report(rule, ...rest)) };
}
