import type { Project } from '../config/project.ts';

/** Records in memory at once with `--low-memory`. */
const SMALL_BATCH = 500;

/** The same project with batches and commits that need little memory; smaller ones stay as they are. */
export function withSmallBatches(project: Project): Project {
  return {
    ...project,
    mappings: project.mappings.map((mapping) => ({
      ...mapping,
      phases: mapping.phases.map((phase) => ({
        ...phase,
        batchSize: Math.min(phase.batchSize, SMALL_BATCH),
        commitSize: Math.min(phase.commitSize, SMALL_BATCH),
      })),
    })),
  };
}
