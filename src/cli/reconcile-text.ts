import type { Reconciled } from '../app/reconcile.ts';
import type { MappingComparison } from '../reconcile/report.ts';
import { type Cell, tableText } from './rows.ts';
import { summaryText } from './run-summary.ts';
import { counted } from './text.ts';

/** Columns that are shown always, and those that are shown where there is something to show. */
const ALWAYS = new Set(['in the org', 'here', 'lost', 'extra', 'stale']);
const NUMBERS: Readonly<Record<string, (one: MappingComparison) => number>> = {
  'in the org': (one) => one.in_org,
  here: (one) => one.here,
  quarantined: (one) => one.quarantined,
  discarded: (one) => one.discarded,
  deferred: (one) => one.deferred,
  'left out': (one) => one.left_out,
  'not read yet': (one) => one.new + one.changed + one.gone,
  'gone, noticed': (one) => one.noticed,
  'left filter, kept': (one) => one.kept,
  lost: (one) => one.lost,
  extra: (one) => one.extra,
  stale: (one) => one.stale,
  'older in the org': (one) => one.set_back,
  'row missing': (one) => one.row_missing,
};

/** One line a mapping: where its records are, and what does not agree. */
export function comparisonText(comparisons: readonly MappingComparison[]): string {
  const numbers = Object.entries(NUMBERS).filter(
    ([name, number]) => ALWAYS.has(name) || comparisons.some((one) => number(one) > 0),
  );
  const rows = comparisons.map((one): Cell[] => [one.mapping, ...numbers.map(([, number]) => number(one))]);
  const total: Cell[] = [
    'total',
    ...numbers.map(([, number]) => comparisons.reduce((sum, one) => sum + number(one), 0)),
  ];
  return tableText(['mapping', ...numbers.map(([name]) => name)], comparisons.length > 1 ? [...rows, total] : rows);
}

/** What stands in rows that should stand there otherwise. */
export function valuesText({ values }: Pick<Reconciled, 'values'>): string {
  if (values === null) return '';
  const { differences, missing_rows: missing, failed } = values;
  const columns = differences.map(({ mapping, column, rows, samples }): Cell[] => [
    column,
    mapping,
    rows,
    samples.map(({ from, to }) => `${from} to ${to}`).join(', '),
  ]);
  const tables = missing.map(({ mapping, table, rows }): Cell[] => [table, mapping, rows]);
  return [
    ...(failed === null ? [] : [summaryText(failed, 'plan')]),
    ...(columns.length === 0 ? [] : [tableText(COLUMN_HEADINGS, columns)]),
    ...(tables.length === 0 ? [] : [tableText(['table that lacks rows', 'mapping', 'rows'], tables)]),
    ...(failed !== null || columns.length + tables.length > 0
      ? []
      : ['Every value is what the mappings make of the org.\n']),
  ].join('\n');
}

const COLUMN_HEADINGS = ['column that differs', 'mapping', 'rows', 'for example, from here to the org'];

type Meaning = readonly [count: (one: MappingComparison) => number, meaning: string];

const MEANINGS: readonly Meaning[] = [
  [(one) => one.lost, 'in the org and nowhere here'],
  [(one) => one.stale, 'changed in the org before the last run, and older here'],
  [
    (one) => one.set_back,
    'older in the org than here: the org was set back, and only a full refresh lets the older state count',
  ],
  [(one) => one.row_missing, 'loaded, but the row is gone: deleted here, not in the org'],
  [(one) => one.extra_reasons.deleted, 'here, and in the recycle bin of the org'],
  [(one) => one.extra_reasons.merged, 'here, and merged into another record in the org'],
  [(one) => one.extra_reasons.left_filter, "here, and no longer meant by the mapping's filter"],
  [(one) => one.extra_reasons.purged, 'here, and not in the org at all: purged, or out of sight for this user'],
  [(one) => one.extra_reasons.not_asked, "here, and not in the org's answer; too many to ask for each"],
];

/** What each difference means, a line for each kind of a mapping. */
export function meaningText(comparisons: readonly MappingComparison[]): string {
  return comparisons
    .flatMap((one) =>
      MEANINGS.filter(([count]) => count(one) > 0).map(
        ([count, meaning]) => `${one.mapping}: ${counted(count(one), 'record')} ${meaning}.\n`,
      ),
    )
    .join('');
}
