import * as Flags from '@oclif/core/flags';
import { SyncError } from '../../../errors/sync-error.ts';
import { BaseCommand, LOW_MEMORY_FLAG } from '../../base-command.ts';
import type { PlanReport } from '../../plan-order.ts';
import { ENTRY_FLAGS, filterOf, isEverything } from '../../quarantine-flags.ts';
import { refuseUnknown, refuseUnknownMapping } from '../../refuse-unknown.ts';
import { type Redriven, redriveEntries, redrivenText } from '../../redrive-entries.ts';
import { nextStepsText } from '../../text.ts';

export default class QuarantineRedrive extends BaseCommand {
  static override summary = 'Send quarantined records down the path again, as they were kept.';
  static override description =
    'For after a correction of the YAML: the records are mapped, checked and loaded as a run would do it, and nothing is ' +
    'asked of the org, except for records that are not kept, or lack a field that the mapping selects now. What is ' +
    'refused again stays, with the reason of today. Safe to repeat. An entry that was discarded comes back when it is ' +
    'named.';
  static override examples = [
    '<%= config.bin %> quarantine redrive --all',
    '<%= config.bin %> quarantine redrive --select students --code INVALID_ENUM',
    '<%= config.bin %> quarantine redrive 17 18',
  ];
  static override strict = false;
  static override usage = 'quarantine redrive [RECORD...] [flags]';
  static override flags = {
    all: Flags.boolean({ summary: 'All records in quarantine.' }),
    ...ENTRY_FLAGS,
    ...LOW_MEMORY_FLAG,
  };

  async run(): Promise<Redriven & { readonly run: PlanReport | null }> {
    const { flags, argv } = await this.parse(QuarantineRedrive);
    const ids = argv.map(String);
    const filter = { ...filterOf(flags), ...(ids.length === 0 ? {} : { ids }) };
    if (isEverything(filter) && !flags.all) {
      throw new SyncError('USAGE_INVALID', 'Say which records: their numbers or ids, a filter, or --all.');
    }
    const app = await this.openApp(flags);
    const { result, outcome } = await redriveEntries(app, filter, 'redrive');
    const found = result.entries + result.passed_over.without_id + result.passed_over.unknown_mappings.length;
    refuseUnknown({ found, ids, what: 'is in quarantine', list: 'sluice quarantine list' });
    refuseUnknownMapping(app.project, flags.select, found);
    if (outcome !== null) this.print(`${outcome.summary}\n`);
    this.print(`${redrivenText(result)}\n`);
    this.tell(nextStepsText(outcome?.nextSteps ?? []));
    if (outcome !== null && outcome.failure !== null) this.failWith(outcome.failure);
    return { ...result, run: outcome?.report ?? null };
  }
}
