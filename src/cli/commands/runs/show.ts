import * as Args from '@oclif/core/args';
import { SyncError } from '../../../errors/sync-error.ts';
import type { StoredRun } from '../../../state/runs.ts';
import { BaseCommand } from '../../base-command.ts';
import { actionsAfter } from '../../run-errors.ts';
import { summaryText } from '../../run-summary.ts';
import { instant, nextStepsText } from '../../text.ts';

export default class RunsShow extends BaseCommand {
  static override summary = 'Show one run: its steps, counts, troubles and errors.';
  static override examples = ['<%= config.bin %> runs show', '<%= config.bin %> runs show 3f2a'];
  static override args = {
    run: Args.string({ description: 'Id of the run, or how it begins. Default: the latest run.' }),
  };

  async run(): Promise<StoredRun> {
    const { args, flags } = await this.parse(RunsShow);
    const app = await this.openApp(flags);
    const { getRun, listRuns } = await import('../../../state/runs.ts');
    const database = await app.state();
    const id = args.run ?? (await listRuns(database, { project: app.project.name, limit: 1 }))[0]?.run_id;
    if (id === undefined) throw new SyncError('NOT_FOUND', 'Nothing ran yet.', { actions: ['sluice run'] });
    const run = await getRun(database, id);
    this.print(summaryText(run));
    this.print(`\n${run.command} on ${run.host} as process ${run.pid}, started ${instant(run.started_at)}\n`);
    this.tell(nextStepsText(actionsAfter(run)));
    return run;
  }
}
