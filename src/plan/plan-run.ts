import type { Project } from '../config/project.ts';
import { SyncError } from '../errors/sync-error.ts';
import { circleAdvice, circleText } from './circles.ts';
import { type Selection, selectSteps } from './select-steps.ts';
import { sortSteps } from './sort-steps.ts';
import { stepGraph, type StepNode } from './step-graph.ts';
import type { Heal, RunPlan, Step, StepNeed } from './step.ts';

/**
 * The steps of a run: by phase, and within a phase parents before children.
 * @throws SyncError SELECTION_EMPTY when nothing is selected; CONFIG_INVALID when mappings wait for each other
 */
export function planRun(project: Pick<Project, 'mappings' | 'phases'>, selection: Selection): RunPlan {
  const { steps: sorted, circle } = sortSteps(stepGraph(project.mappings), project.phases);
  if (circle !== null) {
    throw new SyncError('CONFIG_INVALID', `Mappings wait for each other: ${circleText(circle)}.`, {
      actions: [circleAdvice(circle)],
    });
  }
  const chosen = selectSteps(sorted, selection, project.phases);
  const ordinals = new Map(chosen.map(({ id }, index) => [id, index + 1]));
  const steps = chosen.map(({ phase, mapping, kind, links, settings, needs }, index) => ({
    ordinal: index + 1,
    phase,
    mapping,
    kind,
    links,
    settings,
    needs: needsWithin(needs, ordinals),
  }));
  return { steps, heals: steps.flatMap(healsOf).toSorted((a, b) => a.after - b.after || a.step - b.step) };
}

function needsWithin(needs: StepNode['needs'], ordinals: ReadonlyMap<string, number>): readonly StepNeed[] {
  return needs
    .flatMap(({ on, reason, strength }) => {
      const step = ordinals.get(on);
      return step === undefined ? [] : [{ step, reason, strength }];
    })
    .toSorted((a, b) => a.step - b.step);
}

/** The links of a step whose parents come with later ones, by the last of these. */
function healsOf({ ordinal, needs }: Step): readonly Heal[] {
  const last = new Map<string, number>();
  for (const { step, reason, strength } of needs) {
    if (step > ordinal && strength === 'waits' && 'link' in reason) {
      last.set(reason.link, Math.max(step, last.get(reason.link) ?? 0));
    }
  }
  const byStep = Map.groupBy(last, ([, after]) => after);
  return [...byStep].map(([after, links]) => ({ after, step: ordinal, links: links.map(([link]) => link) }));
}
