import type { RunReport, StepReport } from '../flow/run-events.ts';
import type { RunPlan, Step } from '../plan/step.ts';
import { diagramOf } from './graph/diagram.ts';
import { type Cell, tableText } from './rows.ts';

/** A report of a plan whose steps say why they stand where they do. */
export interface PlanReport extends RunReport {
  readonly steps: readonly (StepReport & { readonly because?: readonly Because[] })[];
}

/** A step of the plan that another builds on. */
interface Because {
  readonly phase: string;
  readonly mapping: string;
  /** `link`, `alias`, `copy`, `rows`, `after` or `reading`; see the page of the command `mapping graph`. */
  readonly reason: string;
  /** `table.column`; null where it is not about a link. */
  readonly link: string | null;
  /** True when it comes later all the same: what waits is linked then. */
  readonly later: boolean;
}

export function explained(report: RunReport, plan: RunPlan): PlanReport {
  return {
    ...report,
    steps: report.steps.map((step, index) => {
      const planned = plan.steps[index];
      return { ...step, because: planned === undefined ? [] : becauseOf(planned, plan) };
    }),
  };
}

function becauseOf({ ordinal, needs }: Step, { steps }: RunPlan): readonly Because[] {
  return needs.flatMap(({ step, reason }) => {
    const other = steps[step - 1];
    if (other === undefined || step === ordinal) return [];
    const { phase, mapping } = other;
    return [
      {
        phase,
        mapping: mapping.name,
        reason: reason.kind,
        link: 'link' in reason ? reason.link : null,
        later: step > ordinal,
      },
    ];
  });
}

/** The steps in order, and for each what it comes after and why; blank for a single step. */
export function orderText(plan: RunPlan): string {
  if (plan.steps.length < 2) return '';
  const names = new Map(plan.steps.map(({ ordinal, mapping }) => [ordinal, mapping.name]));
  const rows = diagramOf(plan).bands.flatMap(({ phase, boxes }) =>
    boxes.flatMap(({ ordinal, mapping, needs }) => {
      const reasons = needs
        .filter(({ parents }) => parents.length > 0)
        .map(({ kind, label, parents, late }): readonly [string, string] => {
          const others = parents.map((parent) => names.get(parent) ?? '').join(', ');
          const why = kind === 'after' ? 'the mapping says so' : label;
          return late === null ? [others, why] : [`before ${others}`, `${why}, ${late}`];
        });
      const [first = ['', ''], ...more] = reasons;
      return [[ordinal, phase, mapping, ...first], ...more.map((reason): Cell[] => ['', '', '', ...reason])];
    }),
  );
  return tableText(['step', 'phase', 'mapping', 'after', 'because of'], rows);
}
