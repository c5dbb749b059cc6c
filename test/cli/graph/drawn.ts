import { type Diagram, diagramOf } from '../../../src/cli/graph/diagram.ts';
import { loadProject } from '../../../src/config/load-project.ts';
import { planRun } from '../../../src/plan/plan-run.ts';
import type { RunPlan } from '../../../src/plan/step.ts';
import { projectFolder } from '../../support/project-folder.ts';
import { village, type Village } from '../../support/village.ts';

/** Towns and the houses in them; people, who live in houses and have friends, and a parcel that must have a receiver. */
const TOWN: readonly Village[] = [
  { name: 'towns', phases: '{ places: }' },
  { name: 'houses', phases: '{ places: }', links: ['towns'] },
  { name: 'people', phases: '{ people: , moving: { links: [people.houses_id] } }', links: ['houses', 'people'] },
  { name: 'parcels', phases: '{ people: { after: [towns] } }', links: ['people'], onMissing: 'quarantine' },
];

export async function plannedTown(mappings = TOWN, phases = 'places, people, moving'): Promise<RunPlan> {
  const { project, problems } = await loadProject({ file: projectFolder(village(phases, mappings)), environment: {} });
  if (project === null) throw new Error(JSON.stringify(problems));
  return planRun(project, { select: [], exclude: [], phase: null });
}

export async function drawnTown(mappings = TOWN, phases = 'places, people, moving'): Promise<Diagram> {
  return diagramOf(await plannedTown(mappings, phases));
}

/** Which comes first? Either would do. */
export const CIRCLE: readonly Village[] = [
  { name: 'hens', phases: '{ main: }', links: ['eggs'] },
  { name: 'eggs', phases: '{ main: }', links: ['hens'], onMissing: 'quarantine' },
];
