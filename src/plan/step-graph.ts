import type { Mapping, MappingPhase } from '../config/mapping.ts';

/** A step before it has a place in the order. */
export interface StepNode {
  /** `phase mapping`: unique, and what a circle is told with. */
  readonly id: string;
  readonly phase: string;
  readonly mapping: Mapping;
  readonly settings: MappingPhase;
  readonly kind: 'read' | 'link';
  readonly links: readonly string[];
  /** Ids of the steps that it builds on, wherever in the order they are. */
  readonly parents: readonly string[];
}

/** Every step of a project with what it builds on: the parents of its links, `after`, and its own reading. */
export function stepGraph(mappings: readonly Mapping[]): readonly StepNode[] {
  const readers = new Map(
    mappings.map((mapping) => [mapping.name, stepId(mapping.phases[0]?.phase ?? '', mapping.name)]),
  );
  return mappings.flatMap((mapping) =>
    mapping.phases.map((settings, index): StepNode => {
      const { phase, after } = settings;
      const kind = index === 0 ? 'read' : 'link';
      const resolved = linksOf(mapping).filter(({ name, link }) =>
        kind === 'read' ? link.phase === null : settings.links.includes(name),
      );
      const names = [
        ...resolved.flatMap(({ link }) => fillersOf(link.table, mappings)),
        ...after,
        ...(kind === 'link' ? [mapping.name] : []),
      ];
      const own = stepId(phase, mapping.name);
      const parents = names.flatMap((name) => readers.get(name) ?? []).filter((id) => id !== own);
      return {
        id: own,
        phase,
        mapping,
        settings,
        kind,
        links: resolved.map(({ name }) => name),
        parents: [...new Set(parents)],
      };
    }),
  );
}

function stepId(phase: string, mapping: string): string {
  return `${phase} ${mapping}`;
}

function linksOf(
  mapping: Mapping,
): { readonly name: string; readonly link: NonNullable<Mapping['tables'][number]['columns'][number]['link']> }[] {
  return mapping.tables.flatMap(({ table, columns }) =>
    columns.flatMap(({ column, link }) => (link === null ? [] : [{ name: `${table.name}.${column.name}`, link }])),
  );
}

/** Every mapping that writes rows into a table, as root or extension: each may hold the parent that a link looks for. */
function fillersOf(table: string, mappings: readonly Mapping[]): string[] {
  return mappings
    .filter(({ tables }) => tables.some((mapped) => mapped.role !== 'child' && mapped.table.name === table))
    .map(({ name }) => name);
}
