import { type LoadedFunctions, type LoadFunctions, NO_FUNCTIONS } from './functions.ts';
import type { ProjectSources } from './read-project.ts';

/** The functions of the plugins that the project file names. */
export async function loadProjectFunctions(
  { folder, project }: ProjectSources,
  load: LoadFunctions | undefined,
): Promise<LoadedFunctions> {
  const plugins = (project?.value.plugins ?? []).map((file, index) => ({
    file,
    position: project?.yaml.at(['plugins', index]) ?? { file, line: 1, column: 1 },
  }));
  // Without the project file, nobody knows which plugins there are.
  if (plugins.length === 0) return { catalogue: NO_FUNCTIONS, complete: project !== null, problems: [] };
  if (load === undefined) return { catalogue: NO_FUNCTIONS, complete: false, problems: [] };
  return load(folder, plugins);
}
