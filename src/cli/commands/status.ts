import * as Flags from '@oclif/core/flags';
import type { PipelineStatus } from '../../state/status.ts';
import { BaseCommand } from '../base-command.ts';
import { statusText } from '../status-text.ts';

export default class Status extends BaseCommand {
  static override summary = 'Show how far every import is, what waits for what, and what to do next.';
  static override examples = ['<%= config.bin %> status', '<%= config.bin %> status --top 100 --json'];
  static override flags = {
    top: Flags.integer({ min: 0, default: 5, summary: 'How many missing parents are named for each link.' }),
  };

  async run(): Promise<PipelineStatus> {
    const { flags } = await this.parse(Status);
    const app = await this.openApp(flags);
    const status = await app.status(flags.top);
    this.print(statusText(status));
    return status;
  }
}
