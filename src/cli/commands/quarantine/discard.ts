import * as Flags from '@oclif/core/flags';
import { SyncError } from '../../../errors/sync-error.ts';
import { BaseCommand } from '../../base-command.ts';
import { ENTRY_FLAGS, filterOf, isEverything } from '../../quarantine-flags.ts';
import { refuseUnknown, refuseUnknownMapping } from '../../refuse-unknown.ts';
import { counted } from '../../text.ts';

export default class QuarantineDiscard extends BaseCommand {
  static override summary = 'Close entries of the quarantine whose records nobody wants.';
  static override description =
    'What was kept of the records is forgotten. A discarded record is not kept again as long as it does not change: when ' +
    'it is read and refused again it counts as skipped. `sluice quarantine redrive` with its number takes it back.';
  static override examples = [
    '<%= config.bin %> quarantine discard 17 18',
    '<%= config.bin %> quarantine discard --select students --code INVALID_EMAIL --no-prompt',
  ];
  static override strict = false;
  static override usage = 'quarantine discard [RECORD...] [flags]';
  static override flags = {
    all: Flags.boolean({ summary: 'All records in quarantine.' }),
    ...ENTRY_FLAGS,
  };

  async run(): Promise<{ readonly discarded: number }> {
    const { flags, argv } = await this.parse(QuarantineDiscard);
    const ids = argv.map(String);
    const filter = { ...filterOf(flags), ...(ids.length === 0 ? {} : { ids }) };
    if (isEverything(filter) && !flags.all) {
      throw new SyncError('USAGE_INVALID', 'Say which records: their numbers or ids, a filter, or --all.');
    }
    const app = await this.openApp(flags);
    const { countQuarantine } = await import('../../../state/quarantine-entries.ts');
    const { discardQuarantined } = await import('../../../state/quarantine-decisions.ts');
    const database = await app.state();
    const found = await countQuarantine(database, filter);
    refuseUnknown({ found, ids, what: 'is in quarantine', list: 'sluice quarantine list' });
    refuseUnknownMapping(app.project, flags.select, found);
    const agreed = found > 0 && (await this.confirm(`Discard ${counted(found, 'record')}?`, flags));
    const discarded = agreed ? await discardQuarantined(database, filter) : 0;
    this.print(discarded === 0 ? 'Nothing was discarded.\n' : `${counted(discarded, 'record')} discarded.\n`);
    return { discarded };
  }
}
