import { BaseCommand } from '../../base-command.ts';
import { DECISION_FLAGS, decisionFilter } from '../../deletes-flags.ts';
import { refuseUnknown, refuseUnknownMapping } from '../../refuse-unknown.ts';
import { counted } from '../../text.ts';

export default class DeletesConfirm extends BaseCommand {
  static override summary = 'Say that records are rightly gone: the next run marks or deletes their rows.';
  static override description =
    'For when a run has stopped because more records are gone than limits.deletes allows. Exactly those are confirmed ' +
    'that were noticed by now; what goes later is held against the limit again.';
  static override examples = [
    '<%= config.bin %> deletes confirm --all --select students',
    '<%= config.bin %> deletes confirm 0035e00000AbCdEAAX 0035e00000AbCdFAAX',
  ];
  static override strict = false;
  static override usage = 'deletes confirm [ID...] [flags]';
  static override flags = { ...DECISION_FLAGS };

  async run(): Promise<{ readonly confirmed: number }> {
    const { flags, argv } = await this.parse(DeletesConfirm);
    const filter = decisionFilter(
      { ids: argv.map(String), select: flags.select, all: flags.all },
      { all: ['pending'], named: ['pending', 'ignored'] },
    );
    const app = await this.openApp(flags);
    const { countDeletions, decideDeletions } = await import('../../../state/deletion-decisions.ts');
    const database = await app.state();
    const found = await countDeletions(database, filter);
    refuseUnknown({ found, ids: argv.map(String), what: 'is waiting to be deleted', list: 'sluice deletes list' });
    refuseUnknownMapping(app.project, flags.select, found);
    const question = `Let the next run mark or delete the rows of ${counted(found, 'record')}?`;
    const agreed = found > 0 && (await this.confirm(question, flags));
    const confirmed = agreed ? await decideDeletions(database, filter, 'confirmed') : 0;
    this.print(
      confirmed === 0
        ? 'Nothing was confirmed.\n'
        : `${counted(confirmed, 'record')} confirmed; the next run marks or deletes their rows.\n`,
    );
    return { confirmed };
  }
}
