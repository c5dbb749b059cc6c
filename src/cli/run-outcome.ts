import { ERRORS, EXIT, type ErrorCode } from '../errors/codes.ts';
import type { ReportedError, RunReport } from '../flow/run-events.ts';
import type { Failure } from './failure.ts';

/**
 * How the shell hears of a finished run: null when all is well (warnings are well), else the failure with its exit code.
 * - interrupted: 130.
 * - a record that was read ended nowhere, or twice: 1, whatever the steps say.
 * - a step failed or was stopped: 1, or the exit of its code where that says that the surroundings failed (3), the
 *   budget is spent (5), or the configuration is wrong and nothing was read (2).
 */
export function failureOfRun(report: RunReport): Failure | null {
  if (report.status === 'interrupted') {
    return told(report.error ?? reported('RUN_INTERRUPTED', 'The run was interrupted.'), EXIT.interrupted);
  }
  if (report.status !== 'failed' && report.status !== 'stopped') return failureOfSum(report);
  const step = report.steps.find(({ status }) => status === 'failed' || status === 'stopped');
  const error = step?.error ?? report.error ?? reported('STEP_FAILED', `The run ended as ${report.status}.`);
  const message = step === undefined ? error.message : `Step ${step.phase} ${step.mapping}: ${error.message}`;
  return told({ ...error, message }, exitOf(report, error.code));
}

function failureOfSum({ sum }: RunReport): Failure | null {
  if (sum.holds) return null;
  const message = `Of ${String(sum.read)} records that were read, ${String(sum.accounted_for)} are accounted for.`;
  return told(reported('INTERNAL', message), EXIT.dataFailure);
}

function told({ code, message, actions }: ReportedError, exit: number): Failure {
  return { exit, code, message, actions, details: null, place: [] };
}

function reported(code: ErrorCode, message: string): ReportedError {
  return { code, message, actions: [ERRORS[code].next] };
}

function exitOf(report: RunReport, code: string): number {
  const exit = isErrorCode(code) ? ERRORS[code].exit : EXIT.dataFailure;
  const nothingWasRun = report.steps.every((step) => step.counts.read === 0);
  const speaksForTheRun =
    exit === EXIT.environment || exit === EXIT.apiBudget || (exit === EXIT.wrongUse && nothingWasRun);
  return speaksForTheRun ? exit : EXIT.dataFailure;
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
