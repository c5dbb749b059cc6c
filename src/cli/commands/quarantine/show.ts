import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { ROW_CODES } from '../../../errors/row-codes.ts';
import type { QuarantinedRecord } from '../../../state/quarantine-entries.ts';
import { BaseCommand } from '../../base-command.ts';
import { tableText } from '../../rows.ts';
import { count, instant } from '../../text.ts';

const NOT_KEPT =
  'The record itself is not here: it was not kept (privacy.quarantine), has been forgotten, or is encrypted and ' +
  'SLUICE_QUARANTINE_KEY is not its key.\n';

export default class QuarantineShow extends BaseCommand {
  static override summary = 'Show one quarantined record: which value is at fault, and what to do.';
  static override description =
    'Values are personal, so only their kind and rough length are shown, except those that privacy.reveal in the ' +
    'project file names. With --reveal-pii all values are shown as they came.';
  static override examples = [
    '<%= config.bin %> quarantine show 17',
    '<%= config.bin %> quarantine show 17 --reveal-pii',
  ];
  static override args = {
    record: Args.string({ required: true, description: 'Number of the entry, or the id of the record.' }),
  };
  static override flags = {
    'reveal-pii': Flags.boolean({ summary: 'Show the values, which are personal.' }),
  };

  async run(): Promise<QuarantinedRecord & { readonly next: string }> {
    const { args, flags } = await this.parse(QuarantineShow);
    const app = await this.openApp(flags);
    const { showQuarantined } = await import('../../../state/quarantine-entries.ts');
    const reveal = flags['reveal-pii'] ? 'all' : new Set(app.project.privacy.reveal);
    const found = await showQuarantined(await app.state(), args.record, { reveal, keeping: app.keeping });
    if (flags['reveal-pii']) app.log.warn({ id: Number(found.id) }, 'quarantined record shown with its values');
    const result = { ...found, next: ROW_CODES[found.code] };
    this.print(
      `${found.mapping} ${found.source_id}: ${found.code}${found.column === null ? '' : ` in ${found.column}`}\n`,
    );
    this.print(`${result.next}\n`);
    this.print(
      found.attempts === 1
        ? `seen once, ${instant(found.last_seen_at)}\n\n`
        : `seen ${count(found.attempts)} times, first ${instant(found.first_seen_at)}, last ${instant(found.last_seen_at)}\n\n`,
    );
    this.print(found.record === null ? NOT_KEPT : tableText(['field', 'value'], Object.entries(found.record)));
    return result;
  }
}
