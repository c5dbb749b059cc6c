import type { NodeNeed, StepNode } from './step-graph.ts';

/** One step that must come after another, and everything that says so. */
export interface Edge {
  readonly child: StepNode;
  readonly parent: StepNode;
  readonly needs: readonly NodeNeed[];
}

/** Each edge's parent is the child of the next; the last one's is the child of the first. */
export type Circle = readonly Edge[];

/**
 * What the steps of one phase ask of their order; where that is impossible, without what can be given up.
 * - `edges`: all but the fewest that can wait and without which there is an order; of several choices, those that the
 *   files name first are given up.
 * - `circle`: steps of which none can wait for the others; there is no order.
 */
export function orderable(
  steps: readonly StepNode[],
): { readonly edges: readonly Edge[]; readonly circle: null } | { readonly edges: null; readonly circle: Circle } {
  const edges = edgesBetween(steps);
  const hopeless = shortestCircle(
    steps,
    edges.filter((edge) => !isDeferrable(edge)),
  );
  if (hopeless !== null) return { edges: null, circle: hopeless };
  for (let cuts = 0; cuts <= MOST_CUTS_TRIED; cuts++) {
    const left = withoutCircles(steps, edges, cuts);
    if (left !== null) return { edges: left, circle: null };
  }
  return { edges: cutOneByOne(steps, edges), circle: null };
}

/** The ways to cut grow with the power of the cuts; nobody has so many circles, and who has gets an order all the same. */
const MOST_CUTS_TRIED = 6;

function cutOneByOne(steps: readonly StepNode[], edges: readonly Edge[]): readonly Edge[] {
  const circle = shortestCircle(steps, edges);
  if (circle === null) return edges;
  const cut = edges.find((edge) => circle.includes(edge) && isDeferrable(edge));
  return cutOneByOne(
    steps,
    edges.filter((edge) => edge !== cut),
  );
}

function edgesBetween(steps: readonly StepNode[]): readonly Edge[] {
  return steps.flatMap((child) =>
    steps.flatMap((parent): Edge[] => {
      const needs = child.needs.filter(({ on }) => on === parent.id);
      return parent === child || needs.length === 0 ? [] : [{ child, parent, needs }];
    }),
  );
}

function isDeferrable({ needs }: Edge): boolean {
  return needs.every(({ deferrable }) => deferrable);
}

/** The edges less at most so many cuts; null when that does not break every circle. */
function withoutCircles(steps: readonly StepNode[], edges: readonly Edge[], cuts: number): readonly Edge[] | null {
  const circle = shortestCircle(steps, edges);
  if (circle === null) return edges;
  if (cuts === 0) return null;
  for (const edge of edges) {
    if (!circle.includes(edge) || !isDeferrable(edge)) continue;
    const left = withoutCircles(
      steps,
      edges.filter((other) => other !== edge),
      cuts - 1,
    );
    if (left !== null) return left;
  }
  return null;
}

/** The shortest circle; of several, the one through the step that comes first. */
function shortestCircle(steps: readonly StepNode[], edges: readonly Edge[]): Circle | null {
  const circles = steps.flatMap((step) => circleThrough(step, edges) ?? []);
  const least = Math.min(...circles.map(({ length }) => length));
  return circles.find(({ length }) => length === least) ?? null;
}

/** In a list of its own, so that several can be put together without being mixed. */
function circleThrough(start: StepNode, edges: readonly Edge[]): readonly [Circle] | null {
  const reached = new Set<StepNode>();
  for (let ways: Circle[] = [[]]; ways.length > 0;) {
    const longer = ways.flatMap((way) => {
      const end = way.at(-1)?.parent ?? start;
      return edges.filter(({ child }) => child === end).map((edge): Circle => [...way, edge]);
    });
    const closed = longer.find((way) => way.at(-1)?.parent === start);
    if (closed !== undefined) return [closed];
    ways = longer.filter((way) => {
      const end = way.at(-1)?.parent;
      if (end === undefined || reached.has(end)) return false;
      reached.add(end);
      return true;
    });
  }
  return null;
}

/** `houses needs people (house.owner_id), people needs houses (person.house_id)`. */
export function circleText(circle: Circle): string {
  return circle
    .map(({ child, parent, needs }) => `${child.mapping.name} needs ${parent.mapping.name} (${reasonsText(needs)})`)
    .join(', ');
}

/** What a person can do about a circle that nothing breaks. */
export function circleAdvice(circle: Circle): string {
  const reasons = circle.flatMap(({ needs }) => needs.map(({ reason }) => reason));
  const link = reasons.find((reason) => reason.kind === 'link');
  if (link === undefined) return 'Take one of them out of `after`.';
  return (
    `Let one of the links wait, for example ${link.link}: on_missing: wait, on a column that may be null. ` +
    `Or resolve it in a later phase: phases: { later: { links: [${link.link}] } }.`
  );
}

function reasonsText(needs: readonly NodeNeed[]): string {
  return [...new Set(needs.map(({ reason }) => ('link' in reason ? reason.link : reason.kind)))].join(', ');
}
