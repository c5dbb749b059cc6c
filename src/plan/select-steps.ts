import { didYouMean } from '../config/nearest.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { StepNode } from './step-graph.ts';

export interface Selection {
  /** `name` (also of a group), `phase:x`, `tag:x`; with `+` before, also what it builds on; with `+` after, also what builds on it. */
  readonly select: readonly string[];
  readonly exclude: readonly string[];
  /** Only this phase. */
  readonly phase: string | null;
}

/**
 * The steps that a selection names, in the order of `steps`.
 * @param phases  all phases of the project
 * @throws SyncError SELECTION_EMPTY for a name, phase or tag that does not exist, or when nothing is left
 */
export function selectSteps(
  steps: readonly StepNode[],
  selection: Selection,
  phases: readonly string[],
): readonly StepNode[] {
  const { select, exclude, phase } = selection;
  if (phase !== null && !phases.includes(phase)) throw unknown('phase', phase, phases);
  const wanted = select.length === 0 ? new Set(steps) : union(select.map((term) => matching(term, steps, phases)));
  const unwanted = union(exclude.map((term) => matching(term, steps, phases)));
  const chosen = steps.filter(
    (step) => wanted.has(step) && !unwanted.has(step) && (phase === null || step.phase === phase),
  );
  if (chosen.length > 0) return chosen;
  throw new SyncError(
    'SELECTION_EMPTY',
    steps.length === 0 ? 'The project has no mapping.' : 'The selection leaves no step to run.',
  );
}

function matching(term: string, steps: readonly StepNode[], phases: readonly string[]): ReadonlySet<StepNode> {
  const [, before = '', name = '', after = ''] = /^(\+?)(.*?)(\+?)$/su.exec(term) ?? [];
  const found = named(name, steps, phases);
  return union([
    new Set(found),
    ...(before === '+' ? [reached(found, (step) => steps.filter((other) => buildsOn(step, other)))] : []),
    ...(after === '+' ? [reached(found, (step) => steps.filter((other) => buildsOn(other, step)))] : []),
  ]);
}

function buildsOn(child: StepNode, parent: StepNode): boolean {
  return child.needs.some(({ on }) => on === parent.id);
}

function named(name: string, steps: readonly StepNode[], phases: readonly string[]): readonly StepNode[] {
  const [kind, value] = /^(phase|tag):(.*)$/su.exec(name)?.slice(1) ?? [];
  if (kind === 'phase' && value !== undefined) {
    if (!phases.includes(value)) throw unknown('phase', value, phases);
    return steps.filter(({ phase }) => phase === value);
  }
  if (kind === 'tag' && value !== undefined) {
    const found = steps.filter(({ mapping }) => mapping.tags.includes(value));
    if (found.length === 0)
      throw unknown(
        'tag',
        value,
        steps.flatMap(({ mapping }) => mapping.tags),
      );
    return found;
  }
  const found = steps.filter(({ mapping }) => mapping.name === name || mapping.group === name);
  if (found.length === 0)
    throw unknown(
      'mapping',
      name,
      steps.flatMap(({ mapping }) => [mapping.name, ...(mapping.group === null ? [] : [mapping.group])]),
    );
  return found;
}

/** Everything that can be reached from `start` by `next`, without `start` itself. */
function reached(start: readonly StepNode[], next: (step: StepNode) => readonly StepNode[]): ReadonlySet<StepNode> {
  const seen = new Set<StepNode>();
  for (let open = [...start]; open.length > 0;) {
    open = open.flatMap(next).filter((step) => !seen.has(step));
    for (const step of open) seen.add(step);
  }
  return seen;
}

function union(sets: readonly ReadonlySet<StepNode>[]): ReadonlySet<StepNode> {
  return new Set(sets.flatMap((set) => [...set]));
}

function unknown(what: string, name: string, known: readonly string[]): SyncError {
  const hint = didYouMean(name, new Set(known));
  const list = 'Run `sluice mapping list` to see names, phases and tags.';
  return new SyncError('SELECTION_EMPTY', `There is no ${what} "${name}".`, {
    actions: hint === null ? [list] : [hint, list],
  });
}
