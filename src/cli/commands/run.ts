import * as Flags from '@oclif/core/flags';
import { BaseCommand, LOW_MEMORY_FLAG } from '../base-command.ts';
import { carryOut } from '../carry-out.ts';
import type { PlanReport } from '../plan-order.ts';
import { REQUEST_FLAGS, requestOf } from '../run-flags.ts';
import { missingParentsText } from '../status-text.ts';
import { nextStepsText } from '../text.ts';

/** How many missing parents are named for each link. */
const TOP = 5;

export default class Run extends BaseCommand {
  static override summary = 'Read from the org and write to the database.';
  static override description =
    'Does the chosen steps in order, commit by commit. Safe to repeat: a run over an unchanged org writes nothing, and ' +
    'after a crash the next run goes on from what was committed.';
  static override examples = [
    '<%= config.bin %> run',
    '<%= config.bin %> run --phase assign-schools',
    '<%= config.bin %> run --select +students --limit 100 --dry-run',
  ];
  static override flags = {
    ...REQUEST_FLAGS,
    'dry-run': Flags.boolean({ summary: 'Do the same work and roll it back; the same as `sluice plan`.' }),
    ...LOW_MEMORY_FLAG,
  };

  async run(): Promise<PlanReport> {
    const { flags } = await this.parse(Run);
    const app = await this.openApp(flags);
    const kind = flags['dry-run'] ? 'plan' : 'run';
    const outcome = await carryOut(app, { kind, request: requestOf(flags) });
    this.print(outcome.summary);
    const { steps } = outcome.report;
    // With --json nobody would see it, and to look takes longer than a run in which little has changed.
    if (kind === 'run' && steps.some(({ links }) => links.waiting > 0) && !this.jsonEnabled()) {
      const { mappings } = await app.status(TOP, new Set(steps.map(({ mapping }) => mapping)));
      this.print(`\n${missingParentsText(mappings)}`);
    }
    this.tell(nextStepsText(outcome.nextSteps));
    if (outcome.failure !== null) this.failWith(outcome.failure);
    return outcome.report;
  }
}
