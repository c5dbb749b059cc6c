import type { Project } from '../config/project.ts';
import type { RunRequest } from '../flow/run-request.ts';
import { planRun } from '../plan/plan-run.ts';
import type { StoredRun } from '../state/runs.ts';

/**
 * What a run asked for and did not get: its steps that failed, were stopped or interrupted, or were never begun.
 * @returns null when all have succeeded
 */
export function retryRequest(project: Project, { options, steps }: StoredRun): RunRequest | null {
  const done = new Set(steps.filter(({ status }) => SUCCEEDED.has(status)).map(keyOf));
  const selection = {
    select: texts(options['select']),
    exclude: texts(options['exclude']),
    phase: text(options['phase']),
  };
  const open = planRun(project, selection)
    .steps.map(({ phase, mapping }) => ({ phase, mapping: mapping.name }))
    .filter((step) => !done.has(keyOf(step)));
  const [first] = open;
  if (first === undefined) return null;
  const { limit, fullRefresh, failFast } = options;
  return {
    select: [...new Set(open.map(({ mapping }) => mapping))],
    exclude: [],
    // Of several phases all are done: what a mapping has read already is not read again.
    phase: open.every(({ phase }) => phase === first.phase) ? first.phase : null,
    limit: typeof limit === 'number' ? limit : null,
    fullRefresh: fullRefresh === true,
    failFast: failFast === true,
    since: text(options['since']),
    until: text(options['until']),
    only: null,
  };
}

/** The mappings of the steps that did not succeed. */
export function unfinishedMappings({ steps }: StoredRun): readonly string[] {
  return [...new Set(steps.filter(({ status }) => !SUCCEEDED.has(status)).map(({ mapping }) => mapping))];
}

const SUCCEEDED = new Set<string>(['succeeded', 'succeeded_with_warnings', 'skipped']);

function keyOf({ phase, mapping }: { readonly phase: string; readonly mapping: string }): string {
  return `${phase} ${mapping}`;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
