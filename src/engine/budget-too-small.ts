import { SyncError } from '../errors/sync-error.ts';
import type { RunCall } from '../flow/run-request.ts';
import type { Step } from '../plan/step.ts';
import { hasComeFurther } from '../state/budget-stops.ts';
import type { CommitScope } from './commit-scope.ts';
import type { OrgOfRun, RunSurvey } from './survey-run.ts';

/**
 * Tells a budget that is spent from one that is too small: where the run's own calls have brought it nowhere, the next
 * run would come no further. A plan leaves nothing behind that another one could go on from.
 * @returns the error as it came, or API_BUDGET_TOO_SMALL in its place
 */
export async function ofBudget(
  error: SyncError,
  { mapping }: Pick<Step, 'mapping'>,
  context: {
    readonly call: Pick<RunCall, 'kind'>;
    readonly org: OrgOfRun;
    readonly scope: CommitScope;
    readonly runId: string;
    readonly surveyed: RunSurvey;
  },
): Promise<SyncError> {
  if (error.code !== 'API_BUDGET_SPENT') return error;
  const { mine, calls } = context.org.usage() ?? { mine: null, calls: 0 };
  // What others have used up comes back; what a run may make does not grow.
  if (mine === null || calls < mine) return error;
  const { survey } = context.surveyed;
  const isPlan = context.call.kind === 'plan';
  if (!isPlan && (await hasComeFurther(context.scope, context.runId))) return error;
  const needed = Math.max(mine + 1, (isPlan ? survey.estimated : survey.costs.get(mapping.name)) ?? 0);
  const what = isPlan ? 'the whole plan' : `one reading of ${mapping.name}`;
  const message = `the ${String(mine)} API calls that a run may make do not do for ${what}: about ${String(needed)} are needed`;
  return new SyncError('API_BUDGET_TOO_SMALL', message, { cause: error });
}
