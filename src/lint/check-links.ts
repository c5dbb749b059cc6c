import type { Position } from '../config/mapping.ts';
import type { Problem } from '../config/problem.ts';
import { type Circle, circleAdvice, circleText } from '../plan/circles.ts';
import { linkColumns } from '../plan/need.ts';
import { sortSteps } from '../plan/sort-steps.ts';
import { stepGraph, type StepNode } from '../plan/step-graph.ts';
import type { LintedMapping } from './linted-mapping.ts';
import { finding } from './rules.ts';

/** The order of the mappings: circles within a phase, and links that come before their parents. */
export function dependencyProblems(linted: readonly LintedMapping[], phases: readonly string[]): readonly Problem[] {
  const nodes = stepGraph(linted.map(({ mapping }) => mapping));
  const { circle } = sortSteps(nodes, phases);
  return [
    ...(circle === null ? [] : circleProblem(circle, linted)),
    ...nodes.flatMap((node) => earlyLinks(node, nodes, phases)),
  ];
}

/** Told at the first link of the circle; where `after` alone makes it, at the phase. */
function circleProblem(circle: Circle, linted: readonly LintedMapping[]): readonly Problem[] {
  const [first] = circle;
  const blamed = linted.find(({ mapping }) => mapping === first?.child.mapping);
  if (first === undefined || blamed === undefined) return [];
  const [link] = circle.flatMap(({ child, needs }) =>
    needs.flatMap(({ reason }) => ('link' in reason ? linkPosition(child, reason.link) : [])),
  );
  const { phase } = first.child;
  const said = `In the phase "${phase}" mappings wait for each other: ${circleText(circle)}.`;
  const position = link ?? blamed.file.yaml.keyAt(['phases', phase]);
  return [finding('circular-dependency', position, said, circleAdvice(circle))];
}

/** Links that look for parents which a later phase reads, and cannot wait for them. */
function earlyLinks(node: StepNode, nodes: readonly StepNode[], phases: readonly string[]): readonly Problem[] {
  const told = new Set<string>();
  return node.needs.flatMap(({ on, reason, deferrable }) => {
    const parent = nodes.find(({ id }) => id === on);
    if (parent === undefined || deferrable || !('link' in reason) || told.has(reason.link)) return [];
    if (phases.indexOf(parent.phase) <= phases.indexOf(node.phase)) return [];
    told.add(reason.link);
    const said = `"${reason.table}" is read in the phase "${parent.phase}", after this link is resolved in "${node.phase}".`;
    const advice = `Resolve it there: phases: { ${parent.phase}: { links: [${reason.link}] } }.`;
    return linkPosition(node, reason.link).map((position) => finding('link-before-parent', position, said, advice));
  });
}

/** At most one. */
function linkPosition({ mapping }: StepNode, link: string): readonly Position[] {
  const found = linkColumns(mapping).find(({ name }) => name === link);
  return found === undefined ? [] : [found.column.position];
}
