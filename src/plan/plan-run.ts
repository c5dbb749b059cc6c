import type { Project } from '../config/project.ts';
import { SyncError } from '../errors/sync-error.ts';
import { type Selection, selectSteps } from './select-steps.ts';
import { stepGraph } from './step-graph.ts';
import { circleText, sortSteps } from './sort-steps.ts';
import type { RunPlan } from './step.ts';

/**
 * The steps of a run: by phase, and within a phase parents before children.
 * @throws SyncError SELECTION_EMPTY when nothing is selected; CONFIG_INVALID when mappings wait for each other
 */
export function planRun(project: Pick<Project, 'mappings' | 'phases'>, selection: Selection): RunPlan {
  const { steps, circle } = sortSteps(stepGraph(project.mappings), project.phases);
  if (circle !== null) {
    throw new SyncError('CONFIG_INVALID', `Mappings wait for each other: ${circleText(circle)}.`, {
      actions: ['Resolve one of these links in a later phase: phases: { later: { links: [table.column] } }.'],
    });
  }
  const chosen = selectSteps(steps, selection, project.phases);
  return {
    steps: chosen.map(({ phase, mapping, kind, links, settings, parents }, index) => ({
      ordinal: index + 1,
      phase,
      mapping,
      kind,
      links,
      settings,
      needs: chosen.slice(0, index).flatMap(({ id }, before) => (parents.includes(id) ? [before + 1] : [])),
    })),
  };
}
