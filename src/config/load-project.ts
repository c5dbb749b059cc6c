import type { LoadFunctions } from './functions.ts';
import type { Environment } from './interpolate.ts';
import { loadProjectFunctions } from './project-functions.ts';
import type { ParsedFiles } from './parsed-files.ts';
import type { Problem } from './problem.ts';
import type { Project } from './project.ts';
import { readProject } from './read-project.ts';
import { resolveProject } from './resolve-project.ts';
import { sortProblems } from './sort-problems.ts';

export interface LoadRequest {
  /** Path of sync.config.yaml. */
  readonly file: string;
  /** For `${NAME}`: usually process.env, handed in. */
  readonly environment: Environment;
  /** Without it no plugin is loaded, and functions are taken as they are named. */
  readonly loadFunctions?: LoadFunctions;
  /** What was made of the files before; without it all are parsed. */
  readonly parsed?: ParsedFiles;
}

export interface LoadedProject {
  /** Null when any problem is an error. */
  readonly project: Project | null;
  readonly problems: readonly Problem[];
}

/**
 * Reads a project: YAML, environment, schemas, names. `sluice lint` looks further (`src/lint`).
 * @returns the project, or null when any problem is an error
 * @throws SyncError CONFIG_NOT_FOUND when there is no such file; nothing else, whatever the text
 */
export async function loadProject({ file, environment, loadFunctions, parsed }: LoadRequest): Promise<LoadedProject> {
  const sources = await readProject(file, environment, parsed);
  const { project, problems } = resolveProject(sources, await loadProjectFunctions(sources, loadFunctions));
  return { project, problems: sortProblems(problems) };
}
