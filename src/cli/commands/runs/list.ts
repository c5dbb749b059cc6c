import * as Flags from '@oclif/core/flags';
import type { RunSummary } from '../../../state/runs.ts';
import { BaseCommand } from '../../base-command.ts';
import { printRows, ROW_FLAGS } from '../../rows.ts';
import { duration, instant } from '../../text.ts';

export default class RunsList extends BaseCommand {
  static override summary = 'List what ran, newest first.';
  static override examples = ['<%= config.bin %> runs list', '<%= config.bin %> runs list --limit 100 --format csv'];
  static override flags = {
    limit: Flags.integer({ min: 1, default: 20, summary: 'At most this many runs.' }),
    ...ROW_FLAGS,
  };

  async run(): Promise<readonly RunSummary[]> {
    const { flags } = await this.parse(RunsList);
    const app = await this.openApp(flags);
    const { listRuns } = await import('../../../state/runs.ts');
    const rows = await listRuns(await app.state(), { project: app.project.name, limit: flags.limit });
    if (!this.jsonEnabled()) printRows({ rows, columns: COLUMNS, format: flags.format }, flags['output-file']);
    if (rows.length === 0) this.tell('Nothing ran yet. Next: sluice run');
    return rows;
  }
}

const COLUMNS = {
  run: (run: RunSummary) => run.run_id,
  status: (run: RunSummary) => run.status.replaceAll('_', ' '),
  command: (run: RunSummary) => run.command,
  started: (run: RunSummary) => instant(run.started_at),
  time: (run: RunSummary) => (run.duration_ms === null ? null : duration(run.duration_ms)),
  'API calls': (run: RunSummary) => run.api_calls,
  trouble: (run: RunSummary) => run.error?.code ?? null,
};
