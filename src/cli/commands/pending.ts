import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { MissingParent } from '../../pending/pending.ts';
import { BaseCommand } from '../base-command.ts';
import { chosenMappings } from '../chosen-mappings.ts';
import { printRows, ROW_FLAGS } from '../rows.ts';
import { count, counted, instant } from '../text.ts';

interface Pending {
  readonly total: number;
  readonly parents: readonly MissingParent[];
}

export default class PendingCommand extends BaseCommand {
  static override summary =
    'List the parents that are not here, what waits for them, and why they are probably missing.';
  static override description =
    'Rows whose parent is missing are loaded without the link, or kept back where it is required; they are linked by ' +
    'themselves in the first run after the parent comes. For the cause, the org is asked: two calls for 200 parents.';
  static override examples = [
    '<%= config.bin %> pending',
    '<%= config.bin %> pending students --format csv --output-file missing-schools.csv',
    '<%= config.bin %> pending --offline --json',
  ];
  static override strict = false;
  static override args = { mapping: Args.string({ description: 'Only what waits in these mappings.' }) };
  static override flags = {
    offline: Flags.boolean({ summary: 'Ask the org nothing: the cause comes from what is known here.' }),
    limit: Flags.integer({ min: 1, default: 50, summary: 'Parents shown at most; files and --json hold all.' }),
    ...ROW_FLAGS,
  };

  async run(): Promise<Pending> {
    const { argv, flags } = await this.parse(PendingCommand);
    const app = await this.openApp(flags);
    const { pendingOf } = await import('../../app/pending.ts');
    const parents = await pendingOf(app, chosenMappings(app.project, argv.map(String)), flags.offline);
    if (!this.jsonEnabled()) {
      const isTable = flags.format === 'table' && flags['output-file'] === undefined;
      const rows = isTable ? parents.slice(0, flags.limit) : parents;
      if (parents.length > 0) {
        printRows({ rows, columns: isTable ? SHOWN : ALL, format: flags.format }, flags['output-file']);
      }
      this.tell(endText(parents, rows.length));
    }
    return { total: parents.length, parents };
  }
}

function endText(parents: readonly MissingParent[], shown: number): string {
  if (parents.length === 0) return 'Nothing waits for a parent.';
  const rows = parents.reduce((sum, parent) => sum + parent.rows, 0);
  const deferred = parents.reduce((sum, parent) => sum + parent.deferred, 0);
  const what = [
    rows === 0 ? '' : `${counted(rows, 'row')} without a link`,
    deferred === 0 ? '' : `${counted(deferred, 'record')} kept back`,
  ];
  const head = `${counted(parents.length, 'missing parent')}: ${what.filter((part) => part !== '').join(', ')}.`;
  const causes = [...Map.groupBy(parents, ({ explanation }) => explanation)]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([explanation, some]) => `  ${count(some.length)} x ${explanation}`);
  const more = shown < parents.length ? ['Use --limit, --format csv or --json to see all of them.'] : [];
  return [head, ...causes, ...more].join('\n');
}

const SHOWN = {
  link: (parent: MissingParent) => parent.link,
  'missing parent': (parent: MissingParent) => parent.parent,
  rows: (parent: MissingParent) => parent.rows,
  'kept back': (parent: MissingParent) => parent.deferred,
  since: (parent: MissingParent) => instant(parent.since),
  'given up': (parent: MissingParent) => (parent.given_up ? 'yes' : null),
  'likely cause': (parent: MissingParent) => parent.cause.replaceAll('_', ' '),
  'look at': (parent: MissingParent) => parent.url,
};

const ALL = {
  mapping: (parent: MissingParent) => parent.mapping,
  link: (parent: MissingParent) => parent.link,
  parent: (parent: MissingParent) => parent.parent,
  rows: (parent: MissingParent) => parent.rows,
  kept_back: (parent: MissingParent) => parent.deferred,
  since: (parent: MissingParent) => parent.since,
  attempts: (parent: MissingParent) => parent.attempts,
  given_up: (parent: MissingParent) => (parent.given_up ? 'yes' : 'no'),
  cause: (parent: MissingParent) => parent.cause,
  explanation: (parent: MissingParent) => parent.explanation,
  url: (parent: MissingParent) => parent.url,
};
