import * as Args from '@oclif/core/args';
import type { App } from '../../app.ts';
import { EXIT } from '../../errors/codes.ts';
import { SyncError } from '../../errors/sync-error.ts';
import type { StoredRun } from '../../state/runs.ts';
import { BaseCommand, LOW_MEMORY_FLAG } from '../base-command.ts';
import { type CarriedOut, carryOut } from '../carry-out.ts';
import type { PlanReport } from '../plan-order.ts';
import { type RedriveOutcome, type Redriven, redriveEntries, redrivenText } from '../redrive-entries.ts';
import { retryRequest, unfinishedMappings } from '../retry-request.ts';
import { nextStepsText } from '../text.ts';

interface Retried {
  /** The run that was retried. */
  readonly of: string;
  /** Its steps that had not succeeded; null when there was none. */
  readonly run: PlanReport | null;
  /** Its quarantined records: one for each time that records were sent. */
  readonly redriven: readonly (Redriven & { readonly run: PlanReport | null })[];
}

export default class Retry extends BaseCommand {
  static override summary = 'Do again only what failed or was quarantined last time.';
  static override description =
    'Runs the steps of a run that failed, were stopped or interrupted, or were never begun, as that run was asked for; ' +
    'then sends the records that it left in quarantine down the path again, as `sluice quarantine redrive` does.';
  static override examples = ['<%= config.bin %> retry', '<%= config.bin %> retry 4f2a91c0'];
  static override args = {
    run: Args.string({ description: 'Id of the run, or its first characters. Default: the last one.' }),
  };
  static override flags = { ...LOW_MEMORY_FLAG };

  async run(): Promise<Retried> {
    const { args, flags } = await this.parse(Retry);
    const app = await this.openApp(flags);
    const last = await findRun(app, args.run);
    const isRedrive = last.options['only'] === 'quarantine';
    const request = isRedrive ? null : retryRequest(app.project, last);
    const outcome = request === null ? null : await carryOut(app, { kind: 'run', command: 'retry', request });
    if (outcome !== null) this.tellOf(outcome);
    if (outcome?.failure?.exit === EXIT.interrupted) return { of: last.run_id, run: outcome.report, redriven: [] };
    const redriven: RedriveOutcome[] = [];
    // A redrive that ended early has left entries that it has not seen.
    const left = isRedrive ? unfinishedMappings(last).map((mapping) => ({ mapping })) : [];
    for (const filter of [...left, { runId: last.run_id }]) {
      const again = await redriveEntries(app, filter, 'retry');
      if (again.outcome === null) continue;
      redriven.push(again);
      this.tellOf(again.outcome);
      this.print(`${redrivenText(again.result)}\n`);
    }
    if (outcome === null && redriven.length === 0)
      this.tell('Nothing failed in that run, and it left nothing in quarantine.');
    return {
      of: last.run_id,
      run: outcome?.report ?? null,
      redriven: redriven.map(({ result, outcome: done }) => ({ ...result, run: done?.report ?? null })),
    };
  }

  private tellOf({ summary, nextSteps, failure }: CarriedOut): void {
    this.print(`${summary}\n`);
    this.tell(nextStepsText(nextSteps));
    // The first failure is the reason for those after it.
    if (failure !== null && process.exitCode === undefined) this.failWith(failure);
  }
}

async function findRun(app: App, id: string | undefined): Promise<StoredRun> {
  const { getRun, listRuns } = await import('../../state/runs.ts');
  const database = await app.state();
  if (id !== undefined) return getRun(database, id);
  const [last] = await listRuns(database, { project: app.project.name, limit: 1 });
  if (last === undefined) throw new SyncError('NOT_FOUND', 'Nothing ran yet.', { actions: ['Run `sluice run`.'] });
  return getRun(database, last.run_id);
}
