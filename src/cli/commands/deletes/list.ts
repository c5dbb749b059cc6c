import * as Flags from '@oclif/core/flags';
import type { DeletionEntry } from '../../../state/deletion-decisions.ts';
import { BaseCommand } from '../../base-command.ts';
import { refuseUnknownMapping } from '../../refuse-unknown.ts';
import { printRows, ROW_FLAGS } from '../../rows.ts';
import { counted, instant } from '../../text.ts';

const STATUSES = ['pending', 'confirmed', 'refused', 'done', 'ignored'] as const;

export default class DeletesList extends BaseCommand {
  static override summary = 'List records that are gone from the org, and what becomes of their rows.';
  static override description =
    'Without --status, those whose rows are still to be marked or deleted. pending: the next run does it, or a person ' +
    'decides, where there are more than limits.deletes. confirmed: the next run does it. refused: something still ' +
    'refers to the row; every run tries again. done: it was done. ignored: the row stays. Values are not shown.';
  static override examples = [
    '<%= config.bin %> deletes list',
    '<%= config.bin %> deletes list --select students --format csv --output-file gone.csv --limit 100000',
    '<%= config.bin %> deletes list --status done',
  ];
  static override flags = {
    select: Flags.string({ aliases: ['mapping'], summary: 'Only records of this mapping.' }),
    status: Flags.option({ options: STATUSES, summary: 'Only records with this status.' })(),
    limit: Flags.integer({ min: 1, default: 50, summary: 'At most this many.' }),
    offset: Flags.integer({ min: 0, default: 0, summary: 'Pass over this many.' }),
    ...ROW_FLAGS,
  };

  async run(): Promise<{ readonly total: number; readonly deletions: readonly DeletionEntry[] }> {
    const { flags } = await this.parse(DeletesList);
    const app = await this.openApp(flags);
    const { countDeletions, listDeletions, OPEN_STATUSES } = await import('../../../state/deletion-decisions.ts');
    const database = await app.state();
    const { select: mapping, status, limit, offset } = flags;
    const filter = { mapping, statuses: status === undefined ? OPEN_STATUSES : [status] };
    const total = await countDeletions(database, filter);
    refuseUnknownMapping(app.project, mapping, total);
    const deletions = await listDeletions(database, { ...filter, limit, offset });
    if (!this.jsonEnabled()) {
      printRows({ rows: deletions, columns: COLUMNS, format: flags.format }, flags['output-file']);
      if (total > deletions.length)
        this.tell(`${counted(total, 'record')} in all; --limit and --offset show the others.`);
      if (total === 0)
        this.tell(status === undefined ? 'No gone record waits for anything.' : `No gone record is ${status}.`);
    }
    return { total, deletions };
  }
}

const COLUMNS = {
  mapping: (entry: DeletionEntry) => entry.mapping,
  'Salesforce id': (entry: DeletionEntry) => entry.source_id,
  why: (entry: DeletionEntry) => entry.reason,
  'merged into': (entry: DeletionEntry) => entry.master_id,
  status: (entry: DeletionEntry) => entry.status,
  since: (entry: DeletionEntry) => instant(entry.noticed_at),
};
