import type { Problem } from '../config/problem.ts';
import { type StepNode, stepGraph } from '../plan/step-graph.ts';
import { circleText, sortSteps } from '../plan/sort-steps.ts';
import { columnPath, type LintedMapping } from './linted-mapping.ts';
import { finding } from './rules.ts';

/** The order of the mappings: circles within a phase, and links that come before their parents. */
export function dependencyProblems(linted: readonly LintedMapping[], phases: readonly string[]): readonly Problem[] {
  const { circle } = sortSteps(stepGraph(linted.map(({ mapping }) => mapping)), phases);
  return [
    ...(circle === null ? [] : circleProblem(circle, linted)),
    ...linted.flatMap((one) => earlyLinks(one, linted, phases)),
  ];
}

function circleProblem(circle: readonly StepNode[], linted: readonly LintedMapping[]): readonly Problem[] {
  const [first, second] = circle;
  const blamed = linted.find(({ mapping }) => mapping === first?.mapping);
  if (first === undefined || blamed === undefined) return [];
  const link = blamed.mapping.tables
    .flatMap(({ columns }) => columns)
    .find((column) => column.link?.lookups.some(({ table }) => holds(second, table)) ?? false);
  const position = link?.position ?? blamed.file.yaml.keyAt(['phases', first.phase]);
  const said = `In the phase "${first.phase}" mappings wait for each other: ${circleText(circle)}.`;
  return [
    finding(
      'circular-dependency',
      position,
      said,
      'Resolve one of these links in a later phase: phases: { later: { links: [table.column] } }.',
    ),
  ];
}

function holds(step: StepNode | undefined, table: string): boolean {
  return step?.mapping.tables.some((mapped) => mapped.role !== 'child' && mapped.table.name === table) ?? false;
}

function earlyLinks(
  { mapping, file }: LintedMapping,
  all: readonly LintedMapping[],
  phases: readonly string[],
): readonly Problem[] {
  return mapping.tables.flatMap((mapped) =>
    mapped.columns.flatMap((column) => {
      const { link } = column;
      const parent = all.find((other) => other.mapping.name === link?.lookups[0]?.mappings[0]);
      const resolved = phases.indexOf(link?.phase ?? mapping.phases[0]?.phase ?? '');
      const read = phases.indexOf(parent?.mapping.phases[0]?.phase ?? '');
      if (link === null || parent === undefined || parent.mapping === mapping || read <= resolved) return [];
      const place = file.yaml.at([...columnPath(mapped, column), 'link']);
      const said = `"${link.lookups[0]?.table ?? ''}" is read in the phase "${phases[read] ?? ''}", after this link is resolved in "${phases[resolved] ?? ''}".`;
      return [
        finding(
          'link-before-parent',
          place,
          said,
          `Resolve it there: phases: { ${phases[read] ?? ''}: { links: [${mapped.table.name}.${column.column.name}] } }.`,
        ),
      ];
    }),
  );
}
