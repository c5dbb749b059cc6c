import type { StepNode } from './step-graph.ts';

export interface SortedSteps {
  readonly steps: readonly StepNode[];
  /** Mappings that wait for each other within one phase, the first one repeated at the end; null when none do. */
  readonly circle: readonly StepNode[] | null;
}

/**
 * Kahn's sort, phase by phase: a step comes when all steps of its phase that it builds on have come; of several that
 * may come, the one that the files name first.
 */
export function sortSteps(nodes: readonly StepNode[], phases: readonly string[]): SortedSteps {
  const steps: StepNode[] = [];
  for (const phase of phases) {
    let open = nodes.filter((node) => node.phase === phase);
    while (open.length > 0) {
      const waiting = new Set(open.map(({ id }) => id));
      const next = open.find(({ parents }) => !parents.some((parent) => waiting.has(parent)));
      if (next === undefined) return { steps, circle: circleOf(open) };
      steps.push(next);
      open = open.filter((node) => node !== next);
    }
  }
  return { steps, circle: null };
}

/** Walks from parent to parent among steps that all wait, until one comes again. */
function circleOf(open: readonly StepNode[]): readonly StepNode[] {
  const byId = new Map(open.map((node) => [node.id, node]));
  const walked: StepNode[] = [];
  for (let node = open[0]; node !== undefined;) {
    const seen = walked.indexOf(node);
    if (seen >= 0) return [...walked.slice(seen), node];
    walked.push(node);
    node = node.parents.flatMap((parent) => byId.get(parent) ?? [])[0];
  }
  return walked;
}

/** `classes -> students -> classes`: each needs the next. */
export function circleText(circle: readonly StepNode[]): string {
  return circle.map(({ mapping }) => mapping.name).join(' -> ');
}
