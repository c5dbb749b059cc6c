import type { Strength } from '../../plan/need.ts';
import type { RunPlan } from '../../plan/step.ts';

/** The order for programs: steps as nodes, and an edge from each to every step that needs it, with the reason. */
export interface GraphData {
  readonly phases: readonly string[];
  readonly nodes: readonly {
    /** Place in the order, from 1; edges name it. */
    readonly step: number;
    readonly phase: string;
    readonly mapping: string;
    readonly group: string | null;
    readonly kind: 'read' | 'link';
    readonly object: string;
    readonly tables: readonly string[];
  }[];
  readonly edges: readonly {
    /** The step that comes first, or after `to` where only that order was left; the same as `to` for own rows. */
    readonly from: number;
    readonly to: number;
    readonly reason: string;
    /** `table.column`; null where it is not about a link. */
    readonly link: string | null;
    /** Table in which the link looks, or whose rows are changed. */
    readonly table: string | null;
    readonly strength: Strength;
  }[];
  /** Links that wait for a later step of the same run, and after which they are linked. */
  readonly heals: RunPlan['heals'];
}

export function graphData({ steps, heals }: RunPlan): GraphData {
  return {
    phases: [...new Set(steps.map(({ phase }) => phase))],
    nodes: steps.map(({ ordinal, phase, mapping, kind }) => ({
      step: ordinal,
      phase,
      mapping: mapping.name,
      group: mapping.group,
      kind,
      object: mapping.source.object,
      tables: mapping.tables.map(({ table }) => table.name),
    })),
    edges: steps.flatMap(({ ordinal, needs }) =>
      needs.map(({ step, reason, strength }) => ({
        from: step,
        to: ordinal,
        reason: reason.kind,
        link: 'link' in reason ? reason.link : null,
        table: 'table' in reason ? reason.table : null,
        strength,
      })),
    ),
    heals,
  };
}
