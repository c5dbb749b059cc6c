import type { Mapping } from '../../config/mapping.ts';
import type { Strength } from '../../plan/need.ts';
import type { RunPlan, Step, StepNeed } from '../../plan/step.ts';

/** The order of a plan, put together for drawing: phases from top to bottom, in them steps, in these what each needs. */
export interface Diagram {
  readonly bands: readonly Band[];
}

interface Band {
  readonly phase: string;
  readonly boxes: readonly Box[];
}

export interface Box {
  /** Place in the order, from 1. */
  readonly ordinal: number;
  readonly mapping: string;
  readonly source: string;
  readonly tables: readonly string[];
  readonly kind: Step['kind'];
  readonly needs: readonly DrawnNeed[];
  /** Whether another step needs this one. */
  readonly isNeeded: boolean;
}

/** One reason to stand where it does; several arrows where several steps fill what it looks in. */
export interface DrawnNeed {
  readonly kind: StepNeed['reason']['kind'];
  /** `student.school_id`, or in words what is not about a link. */
  readonly label: string;
  /** Tables in which it looks, as a person reads them; blank where it is not about tables. */
  readonly target: string;
  readonly strength: Strength;
  /** Ordinals of other steps, in order. */
  readonly parents: readonly number[];
  /** Rows refer to rows of the same mapping. */
  readonly isOwn: boolean;
  /** What becomes of it where a parent comes later all the same; null where none does. */
  readonly late: string | null;
}

export function diagramOf({ steps }: RunPlan): Diagram {
  const needed = new Set(
    steps.flatMap(({ ordinal, needs }) => needs.map(({ step }) => step).filter((step) => step !== ordinal)),
  );
  const names = new Map(steps.map(({ ordinal, mapping }) => [ordinal, mapping.name]));
  const boxes = steps.map((step) => ({ phase: step.phase, box: boxOf(step, names, needed.has(step.ordinal)) }));
  const bands = Map.groupBy(boxes, ({ phase }) => phase);
  return { bands: [...bands].map(([phase, own]) => ({ phase, boxes: own.map(({ box }) => box) })) };
}

type Names = ReadonlyMap<number, string>;

function boxOf({ ordinal, mapping, kind, links, needs }: Step, names: Names, isNeeded: boolean): Box {
  return {
    ordinal,
    mapping: mapping.name,
    source: kind === 'read' ? mapping.source.object : '',
    tables: kind === 'read' ? tablesOf(mapping) : [...new Set(links.map((link) => link.split('.')[0] ?? link))],
    kind,
    needs: drawn(needs, ordinal, names),
    isNeeded,
  };
}

function tablesOf({ tables }: Mapping): readonly string[] {
  return tables.map(({ table }) => table.name);
}

/** What is about the same link is one need, whichever steps fill its tables. */
function drawn(needs: readonly StepNeed[], ordinal: number, names: Names): readonly DrawnNeed[] {
  // Said by a link already, or by the mapping itself: a second arrow would tell nothing.
  const said = new Set(needs.filter(({ reason }) => reason.kind !== 'after').map(({ step }) => step));
  const telling = needs.filter(({ reason, step }) => reason.kind !== 'after' || !said.has(step));
  const groups = [...Map.groupBy(telling, keyOf)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return groups.flatMap(([, same]) => {
    const [first] = same;
    if (first === undefined) return [];
    const { reason, strength } = first;
    const parents = [...new Set(same.map(({ step }) => step))].filter((step) => step !== ordinal);
    const targets = same.flatMap(({ reason: one }) => ('link' in one ? [one.table] : []));
    const named = parents.map((parent) => names.get(parent) ?? '').join(', ');
    return {
      kind: reason.kind,
      label: reason.kind === 'after' ? `after ${named}` : labelOf(reason),
      target: [...new Set(targets)].join(', '),
      strength,
      parents,
      isOwn: same.some(({ step }) => step === ordinal),
      late: lateText(Math.max(0, ...parents), ordinal, strength),
    };
  });
}

function lateText(last: number, ordinal: number, strength: Strength): string | null {
  if (last < ordinal) return null;
  return strength === 'waits' ? `linked after ${last}` : `${last} comes later`;
}

/** What belongs together has the same; in the order of these, links come first, and what is about one stays together. */
function keyOf({ reason }: StepNeed): string {
  return 'link' in reason ? `1 ${reason.link} ${RANK[reason.kind]}` : `2 ${reason.kind}`;
}

const RANK = { link: 1, alias: 2, copy: 3 } as const;

function labelOf(reason: Exclude<StepNeed['reason'], { kind: 'after' }>): string {
  switch (reason.kind) {
    case 'link':
      return reason.link;
    case 'alias':
      return `${reason.link} by other names`;
    case 'copy':
      return `${reason.link} made from`;
    case 'rows':
      return `rows of ${reason.table}`;
    case 'reading':
      return 'rows read before';
  }
}
