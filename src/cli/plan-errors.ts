import type { ReportedError, RunReport } from '../flow/run-events.ts';

/** A plan keeps nothing: after it there is no quarantine to look at, and no list of what is gone. */
const AFTER_A_PLAN: Readonly<Record<string, string>> = {
  QUARANTINE_LIMIT: 'A run would stop here: too many records fail. The remarks above name the columns.',
  DELETES_LIMIT:
    'A run would stop here: it keeps the list of what is gone, and `sluice deletes list` shows it before you decide.',
};

/** The report of a plan, with next steps that can be taken after one. */
export function afterPlan(report: RunReport): RunReport {
  return {
    ...report,
    error: planned(report.error),
    steps: report.steps.map((step) => ({ ...step, error: planned(step.error) })),
  };
}

function planned<E extends ReportedError | null>(error: E): E | ReportedError {
  const action = AFTER_A_PLAN[error?.code ?? ''];
  return error === null || action === undefined ? error : { ...error, actions: [action] };
}
