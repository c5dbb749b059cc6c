import type { ReportedError } from '../flow/run-events.ts';

/** As much of a run as its troubles need. */
interface Troubled {
  readonly error?: ReportedError | null;
  readonly steps: readonly { readonly phase: string; readonly mapping: string; readonly error: ReportedError | null }[];
}

/** What went wrong, in the order of the steps; blank where nothing did. What the run says once more is told once. */
export function errorsText({ error = null, steps }: Troubled): string {
  const ofSteps = steps.flatMap(({ phase, mapping, error: own }) =>
    own === null ? [] : [`${phase} ${mapping}: ${own.code}\n  ${own.message}\n`],
  );
  const isTold = error === null || steps.some((step) => step.error?.message === error.message);
  return (isTold ? ofSteps : [...ofSteps, `${error.code}: ${error.message}\n`]).join('');
}

/** What to do about it, each once. */
export function actionsAfter({ error = null, steps }: Troubled): readonly string[] {
  return [...new Set([error, ...steps.map((step) => step.error)].flatMap((one) => one?.actions ?? []))];
}
