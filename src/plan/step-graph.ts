import type { Mapping, MappingPhase } from '../config/mapping.ts';
import { linkColumns, type Need, needsOf } from './need.ts';

/** A step before it has a place in the order. */
export interface StepNode {
  /** `phase mapping`: unique. */
  readonly id: string;
  readonly phase: string;
  readonly mapping: Mapping;
  readonly settings: MappingPhase;
  readonly kind: 'read' | 'link';
  readonly links: readonly string[];
  /** What it builds on, wherever in the order that is; also itself, where rows refer to rows of the same mapping. */
  readonly needs: readonly NodeNeed[];
}

export interface NodeNeed extends Need {
  /** Id of the step that it builds on. */
  readonly on: string;
}

/** Every step of a project with what it builds on, in the order of the files. */
export function stepGraph(mappings: readonly Mapping[]): readonly StepNode[] {
  return mappings.flatMap((mapping) =>
    mapping.phases.map((settings, index): StepNode => {
      const { phase } = settings;
      const kind = index === 0 ? 'read' : 'link';
      const resolved = linkColumns(mapping).filter(({ name, link }) =>
        kind === 'read' ? link.phase === null : settings.links.includes(name),
      );
      const wanted = [
        ...resolved.flatMap((link) =>
          needsOf(link).flatMap((need) => fillersOf(need.table, mappings).map((other) => ({ other, need }))),
        ),
        ...(kind === 'read' ? rowsOf(mapping, mappings) : []),
        ...orderedAfter(settings, mapping, mappings),
        ...(kind === 'link' ? [{ other: mapping, need: FIXED('reading') }] : []),
      ];
      return {
        id: stepId(mapping, phase),
        phase,
        mapping,
        settings,
        kind,
        links: [...new Set(resolved.map(({ name }) => name))],
        needs: distinct(wanted.map(({ other, need }) => ({ ...need, on: readingId(other) }))),
      };
    }),
  );
}

interface Wanted {
  readonly other: Mapping;
  readonly need: Need;
}

const FIXED = (kind: 'after' | 'reading'): Need => ({ reason: { kind }, strength: 'must', deferrable: false });

/** A mapping that makes no rows of its own needs those that do. */
function rowsOf(mapping: Mapping, mappings: readonly Mapping[]): readonly Wanted[] {
  const root = mapping.tables.find(({ role }) => role === 'root');
  if (root === undefined || root.unmatched === 'insert') return [];
  const need: Need = { reason: { kind: 'rows', table: root.table.name }, strength: 'must', deferrable: false };
  return fillersOf(root.table.name, mappings)
    .filter((other) => other !== mapping && makesRows(other, root.table.name))
    .map((other) => ({ other, need }));
}

/** Every mapping that writes rows into a table, in whatever role: each may hold the parent that a link looks for. */
function fillersOf(table: string, mappings: readonly Mapping[]): readonly Mapping[] {
  return mappings.filter((mapping) => makesRows(mapping, table));
}

/** Whether a mapping inserts into a table; one that only changes rows gives a link no parent. */
function makesRows({ tables }: Mapping, table: string): boolean {
  const inserts = tables.find(({ role }) => role === 'root')?.unmatched === 'insert';
  return tables.some((mapped) => mapped.table.name === table && (inserts || mapped.role === 'child'));
}

/** `after` names a mapping, or all sources of one. */
function orderedAfter({ after }: MappingPhase, mapping: Mapping, mappings: readonly Mapping[]): readonly Wanted[] {
  return mappings
    .filter((other) => other !== mapping && after.some((name) => name === other.name || name === other.group))
    .map((other) => ({ other, need: FIXED('after') }));
}

function stepId({ name }: Mapping, phase: string): string {
  return `${phase} ${name}`;
}

/** The step that writes a mapping's rows. */
function readingId(mapping: Mapping): string {
  return stepId(mapping, mapping.phases[0]?.phase ?? '');
}

/** A link that stands in several entries of a child is told once. */
function distinct(needs: readonly NodeNeed[]): readonly NodeNeed[] {
  return [...new Map(needs.map((need) => [JSON.stringify([need.on, need.reason]), need])).values()];
}
