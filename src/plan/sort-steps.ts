import { type Circle, type Edge, orderable } from './circles.ts';
import type { StepNode } from './step-graph.ts';

export interface SortedSteps {
  readonly steps: readonly StepNode[];
  /** Steps of one phase that wait for each other, and none of them can; null when there is an order. */
  readonly circle: Circle | null;
}

/**
 * Kahn's sort, phase by phase: a step comes when all steps of its phase that it builds on have come; of several that
 * may come, the one that the files name first. Where steps need each other, a link that can wait gives way.
 */
export function sortSteps(nodes: readonly StepNode[], phases: readonly string[]): SortedSteps {
  const steps: StepNode[] = [];
  for (const phase of phases) {
    const own = nodes.filter((node) => node.phase === phase);
    const { edges, circle } = orderable(own);
    if (circle !== null) return { steps, circle };
    steps.push(...inOrder(own, edges));
  }
  return { steps, circle: null };
}

function inOrder(steps: readonly StepNode[], edges: readonly Edge[]): readonly StepNode[] {
  const sorted: StepNode[] = [];
  for (let open = [...steps]; open.length > 0;) {
    const next = open.find((step) => !edges.some(({ child, parent }) => child === step && open.includes(parent)));
    if (next === undefined) throw new RangeError('steps go round in a circle');
    sorted.push(next);
    open = open.filter((step) => step !== next);
  }
  return sorted;
}
