import { BaseCommand, LOW_MEMORY_FLAG } from '../base-command.ts';
import { carryOut } from '../carry-out.ts';
import type { PlanReport } from '../plan-order.ts';
import { REQUEST_FLAGS, requestOf } from '../run-flags.ts';
import { nextStepsText } from '../text.ts';

export default class Plan extends BaseCommand {
  static override summary = 'Show what a run would insert, change and delete; write nothing.';
  static override description =
    'Reads, maps, checks and compares as a run does, in one transaction that is rolled back at the end. Says ' +
    'also in which order the steps stand, and which link makes it so.';
  static override examples = ['<%= config.bin %> plan', '<%= config.bin %> plan --select students --json'];
  static override flags = { ...REQUEST_FLAGS, ...LOW_MEMORY_FLAG };

  async run(): Promise<PlanReport> {
    const { flags } = await this.parse(Plan);
    const app = await this.openApp(flags);
    const outcome = await carryOut(app, { kind: 'plan', request: requestOf(flags) });
    this.print(outcome.summary);
    this.tell(nextStepsText(outcome.nextSteps));
    if (outcome.failure !== null) this.failWith(outcome.failure);
    return outcome.report;
  }
}
