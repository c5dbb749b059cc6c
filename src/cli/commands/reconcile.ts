import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { App } from '../../app.ts';
import type { Reconciled, ReconcileRequest } from '../../app/reconcile.ts';
import { ERRORS, EXIT } from '../../errors/codes.ts';
import type { RunReport } from '../../flow/run-events.ts';
import { type DifferenceEntry, differs, type MappingComparison } from '../../reconcile/report.ts';
import { BaseCommand } from '../base-command.ts';
import type { Failure } from '../failure.ts';
import { comparisonText, meaningText, valuesText } from '../reconcile-text.ts';
import { reconcileSteps } from '../reconcile-steps.ts';
import { printResult, ROW_FLAGS, rowsText } from '../rows.ts';
import { failureOfRun } from '../run-outcome.ts';
import { SELECTION_FLAGS } from '../run-flags.ts';
import { withProgress } from '../carry-out.ts';
import { summaryText } from '../run-summary.ts';
import { counted, nextStepsText } from '../text.ts';

/** Records of each kind that are named for each mapping, unless all are asked for. */
const LISTED = 1_000;

export default class Reconcile extends BaseCommand {
  static override summary = 'Compare what is here with the org, record by record; find what is lost, extra or stale.';
  static override description =
    'Asks the org for the id and the stamp of every record that a mapping means, and holds them against what was ' +
    'loaded, quarantined, deferred or left out. Cheap: some API calls for each mapping, whatever the number of records. ' +
    'Changes nothing without --fix. Exits 1 when something differs.';
  static override examples = [
    '<%= config.bin %> reconcile',
    '<%= config.bin %> reconcile students --format csv --output-file differences.csv',
    '<%= config.bin %> reconcile --values --select tag:people',
    '<%= config.bin %> reconcile students --fix',
  ];
  static override strict = false;
  static override args = {
    mapping: Args.string({
      description: 'Mappings to compare, written as for --select. Default: all that read from the org.',
    }),
  };
  static override flags = {
    select: SELECTION_FLAGS.select,
    values: Flags.boolean({
      summary: 'Compare every value, too: reads everything and shows what a full refresh would change, by column.',
    }),
    fix: Flags.boolean({
      summary:
        'Read again what is lost, stale or missing, everything where the org was set back, and carry out deletions ' +
        'where the mapping lets ids decide.',
    }),
    'all-ids': Flags.boolean({ summary: `Name every record that differs, not only ${LISTED} of each kind.` }),
    ...ROW_FLAGS,
  };

  async run(): Promise<Reconciled> {
    const { argv, flags } = await this.parse(Reconcile);
    const app = await this.openApp(flags);
    const select = [...argv.map(String), ...(flags.select ?? [])];
    const found = await this.compare(app, {
      select,
      values: flags.values,
      fix: flags.fix,
      listed: flags['all-ids'] ? null : LISTED,
    });
    if (found.mappings.length === 0) this.tell(NO_ORG);
    else this.printFound(found, flags);
    const failure = failureOf(found);
    if (failure !== null) this.failWith(failure);
    this.tell(nextStepsText(reconcileSteps(found)));
    return found;
  }

  private async compare(app: App, request: Omit<ReconcileRequest, 'onMapping' | 'onEvent'>): Promise<Reconciled> {
    const { reconcileProject } = await import('../../app/reconcile.ts');
    return withProgress((onEvent) =>
      reconcileProject(app, {
        ...request,
        onEvent,
        onMapping: (one) => this.tell(`${one.mapping}: ${counted(one.in_org, 'record')} compared`),
      }),
    );
  }

  private printFound(
    found: Reconciled,
    flags: { format: 'table' | 'json' | 'csv'; 'output-file'?: string | undefined },
  ): void {
    if (this.jsonEnabled()) return;
    const { format } = flags;
    const rows = found.mappings.flatMap(({ differences }) => differences);
    const text =
      format === 'table'
        ? [comparisonText(found.mappings), meaningText(found.mappings), valuesText(found)]
            .filter((part) => part !== '')
            .join('\n')
        : rowsText({ rows, columns: COLUMNS, format });
    printResult(text, flags['output-file']);
    if (found.repair === null || flags['output-file'] !== undefined || format !== 'table') return;
    const { runs, after } = found.repair;
    for (const report of runs) this.print(`\n${summaryText(report)}`);
    if (after.length > 0) this.print(`\nAfterwards:\n${comparisonText(after)}${meaningText(after)}`);
  }
}

const NO_ORG = 'Nothing was compared: what was chosen reads a file, and not the org.';

const COLUMNS = {
  mapping: (entry: DifferenceEntry) => entry.mapping,
  kind: (entry: DifferenceEntry) => entry.kind,
  'Salesforce id': (entry: DifferenceEntry) => entry.id,
  reason: (entry: DifferenceEntry) => entry.reason,
};

/** A run that failed speaks first; then what differs, and after a repair what still does. */
function failureOf({ mappings, values, repair }: Reconciled): Failure | null {
  const runs: readonly RunReport[] = [...(repair?.runs ?? []), ...(values?.failed == null ? [] : [values.failed])];
  for (const run of runs) {
    const failure = failureOfRun(run);
    if (failure !== null) return failure;
  }
  const wrong = (repair?.after ?? mappings).filter(differs);
  const columns = repair === null ? (values?.differences.length ?? 0) : 0;
  const missing = repair === null ? (values?.missing_rows.reduce((sum, { rows }) => sum + rows, 0) ?? 0) : 0;
  if (wrong.length + columns + missing === 0) return null;
  const parts = [
    ...(wrong.length === 0 ? [] : [wrong.map(differenceText).join('; ')]),
    ...(columns === 0 ? [] : [`${counted(columns, 'column')} with other values`]),
    ...(missing === 0 ? [] : [`${counted(missing, 'row')} not there`]),
  ];
  const code = 'RECONCILE_DIFFERS';
  const actions = [ERRORS[code].next];
  return { exit: EXIT.dataFailure, code, message: `${parts.join('; ')}.`, actions, details: null, place: [] };
}

function differenceText(one: MappingComparison): string {
  const kinds = [
    [one.lost, 'lost'],
    [one.extra, 'extra'],
    [one.stale, 'stale'],
    [one.set_back, 'older in the org'],
    [one.row_missing, 'without their row'],
  ] as const;
  const told = kinds.filter(([times]) => times > 0).map(([times, kind]) => `${String(times)} ${kind}`);
  return `${one.mapping}: ${told.join(', ')}`;
}
