import * as Flags from '@oclif/core/flags';
import type { QuarantineEntry } from '../../../state/quarantine-entries.ts';
import { BaseCommand } from '../../base-command.ts';
import { ENTRY_FLAGS, filterOf, isEverything } from '../../quarantine-flags.ts';
import { refuseUnknownMapping } from '../../refuse-unknown.ts';
import { printRows, ROW_FLAGS } from '../../rows.ts';
import { counted, instant } from '../../text.ts';

export default class QuarantineList extends BaseCommand {
  static override summary = 'List records that could not be loaded, and why.';
  static override description =
    'A record in quarantine is not lost: it is looked at again whenever the org sends it, or when you redrive it, and ' +
    'leaves by itself once it loads. Values are not shown here.';
  static override examples = [
    '<%= config.bin %> quarantine list',
    '<%= config.bin %> quarantine list --select students --code MISSING_REQUIRED_FIELD --format csv',
  ];
  static override flags = {
    ...ENTRY_FLAGS,
    all: Flags.boolean({ summary: 'Also entries that are closed: loaded since, discarded, or gone.' }),
    limit: Flags.integer({ min: 1, default: 50, summary: 'At most this many.' }),
    offset: Flags.integer({ min: 0, default: 0, summary: 'Pass over this many.' }),
    ...ROW_FLAGS,
  };

  async run(): Promise<{ readonly total: number; readonly entries: readonly QuarantineEntry[] }> {
    const { flags } = await this.parse(QuarantineList);
    const app = await this.openApp(flags);
    const { countQuarantine, listQuarantine } = await import('../../../state/quarantine-entries.ts');
    const database = await app.state();
    const { all: closed, limit, offset } = flags;
    const filter = { ...filterOf(flags), closed, limit, offset };
    const total = await countQuarantine(database, filter);
    refuseUnknownMapping(app.project, flags.select, total);
    const entries = await listQuarantine(database, filter);
    if (!this.jsonEnabled()) {
      printRows({ rows: entries, columns: COLUMNS, format: flags.format }, flags['output-file']);
      if (total > entries.length)
        this.tell(`${counted(total, 'record')} in all; --limit and --offset show the others.`);
      if (total === 0)
        this.tell(isEverything(filterOf(flags)) ? 'Nothing is in quarantine.' : 'Nothing like that is in quarantine.');
    }
    return { total, entries };
  }
}

const COLUMNS = {
  id: (entry: QuarantineEntry) => entry.id,
  mapping: (entry: QuarantineEntry) => entry.mapping,
  record: (entry: QuarantineEntry) => entry.source_id,
  code: (entry: QuarantineEntry) => entry.code,
  column: (entry: QuarantineEntry) => entry.column,
  field: (entry: QuarantineEntry) => entry.field,
  rule: (entry: QuarantineEntry) => entry.rule,
  seen: (entry: QuarantineEntry) => entry.attempts,
  last: (entry: QuarantineEntry) => instant(entry.last_seen_at),
  closed: (entry: QuarantineEntry) => entry.closed_as,
};
