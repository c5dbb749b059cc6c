import { BaseCommand } from '../../base-command.ts';
import { DECISION_FLAGS, decisionFilter } from '../../deletes-flags.ts';
import { refuseUnknown, refuseUnknownMapping } from '../../refuse-unknown.ts';
import { counted } from '../../text.ts';

export default class DeletesDiscard extends BaseCommand {
  static override summary = 'Keep the rows of records that are gone, until these move in the org again.';
  static override examples = [
    '<%= config.bin %> deletes discard --all --select students',
    '<%= config.bin %> deletes discard 0035e00000AbCdEAAX',
  ];
  static override strict = false;
  static override usage = 'deletes discard [ID...] [flags]';
  static override flags = { ...DECISION_FLAGS };

  async run(): Promise<{ readonly discarded: number }> {
    const { flags, argv } = await this.parse(DeletesDiscard);
    const app = await this.openApp(flags);
    const { countDeletions, decideDeletions, OPEN_STATUSES } = await import('../../../state/deletion-decisions.ts');
    const filter = decisionFilter(
      { ids: argv.map(String), select: flags.select, all: flags.all },
      { all: OPEN_STATUSES, named: OPEN_STATUSES },
    );
    const database = await app.state();
    const found = await countDeletions(database, filter);
    refuseUnknown({ found, ids: argv.map(String), what: 'is waiting to be deleted', list: 'sluice deletes list' });
    refuseUnknownMapping(app.project, flags.select, found);
    const agreed = found > 0 && (await this.confirm(`Keep the rows of ${counted(found, 'record')}?`, flags));
    const discarded = agreed ? await decideDeletions(database, filter, 'ignored') : 0;
    this.print(
      discarded === 0 ? 'Nothing was discarded.\n' : `${counted(discarded, 'record')} discarded: their rows stay.\n`,
    );
    return { discarded };
  }
}
