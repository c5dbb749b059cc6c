import { Args, Flags } from '@oclif/core';
import { SyncError } from '../../../errors/sync-error.ts';
import { BaseCommand } from '../../base-command.ts';
import { chosenMappings } from '../../chosen-mappings.ts';
import { counted } from '../../text.ts';

export default class StateReset extends BaseCommand {
  static override summary = 'Forget how far mappings have been read: the next run reads everything again.';
  static override description =
    'No row is touched, and nothing is loaded twice: records that are here as they are in the org count as unchanged.';
  static override examples = ['<%= config.bin %> state reset students', '<%= config.bin %> state reset --all'];
  static override strict = false;
  static override args = { mapping: Args.string({ description: 'The mappings.' }) };
  static override flags = { all: Flags.boolean({ summary: 'All mappings.' }) };

  async run(): Promise<{ readonly reset: readonly string[] }> {
    const { argv, flags } = await this.parse(StateReset);
    if (flags.all === argv.length > 0) {
      throw new SyncError('USAGE_INVALID', 'Name the mappings to reset, or say --all.');
    }
    const app = await this.openApp(flags);
    const reset = chosenMappings(app.project, argv.map(String)).map(({ name }) => name);
    const { forgetWatermarks } = await import('../../../state/watermarks.ts');
    const forgotten = await forgetWatermarks(await app.state(), reset);
    this.tell(`${counted(forgotten, 'watermark')} forgotten. Next: sluice run`);
    return { reset };
  }
}
