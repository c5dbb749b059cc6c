import { hostname } from 'node:os';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { App } from '../../../app.ts';
import type { RevertReport } from '../../../engine/revert-run.ts';
import { SyncError } from '../../../errors/sync-error.ts';
import { BaseCommand } from '../../base-command.ts';
import { refusedText, revertText } from '../../revert-text.ts';
import { nextStepsText } from '../../text.ts';

export default class RunsRevert extends BaseCommand {
  static override summary = 'Undo a run: put every row back as it was before.';
  static override description =
    'Needs `history` in sync.config.yaml when the run was made. All or nothing: where a later run or somebody else has ' +
    'changed one of the values since, nothing is written and the rows are listed by table and key. Other columns of the ' +
    'same rows may have changed and stay as they are. The org is not touched and still says what it said: correct the ' +
    'mapping before the next run, which reads everything again.';
  static override examples = [
    '<%= config.bin %> runs list',
    '<%= config.bin %> runs revert 3f2a --dry-run',
    '<%= config.bin %> runs revert 3f2a',
  ];
  static override args = {
    run: Args.string({ required: true, description: 'Id of the run, or how it begins.' }),
  };
  static override flags = {
    'dry-run': Flags.boolean({ summary: 'Show what would be put back, or what stands against it; write nothing.' }),
  };

  async run(): Promise<RevertReport> {
    const { args, flags } = await this.parse(RunsRevert);
    const app = await this.openApp(flags);
    const isSure =
      flags['dry-run'] || (await this.confirm(`Put back every row that run ${args.run} has changed?`, flags));
    if (!isSure) throw new SyncError('RUN_INTERRUPTED', 'Nothing was put back.');
    const report = await this.revert(app, args.run, flags['dry-run']);
    this.print(revertText(report));
    this.tell(nextStepsText(nextSteps(report)));
    return report;
  }

  private async revert(app: App, run: string, dryRun: boolean): Promise<RevertReport> {
    const { revertRun } = await import('../../../engine/revert-run.ts');
    try {
      const database = await app.state();
      return await revertRun(run, dryRun, { project: app.project, database, host: hostname(), pid: process.pid });
    } catch (error) {
      if (error instanceof SyncError) this.print(refusedText(error));
      throw error;
    }
  }
}

function nextSteps({ dry_run: dryRun, run_id: run }: RevertReport): readonly string[] {
  if (dryRun) return [`sluice runs revert ${run}       puts the rows back`];
  return [
    'Correct the mapping or the data now: the org has not changed, and the next run does what the YAML says then.',
    'sluice plan       shows what it will do',
  ];
}
