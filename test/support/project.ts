import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadProject } from '../../src/config/load-project.ts';
import type { Mapping } from '../../src/config/mapping.ts';
import type { Project } from '../../src/config/project.ts';
import { bindFunctions, type BoundFunctions } from '../../src/plugin/bind-functions.ts';
import { type LoadedPlugins, loadPlugins } from '../../src/plugin/load-plugins.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** The repository's own project. */
export async function repositoryProject(): Promise<Project> {
  return loaded(join(REPOSITORY, 'sync.config.yaml'));
}

export function mappingOf(project: Project, name: string): Mapping {
  const mapping = project.mappings.find((candidate) => candidate.name === name);
  if (mapping === undefined) throw new Error(`no mapping ${name}`);
  return mapping;
}

async function loaded(file: string): Promise<Project> {
  return (await projectWithFunctions(file)).project;
}

export interface ProjectWithFunctions {
  readonly project: Project;
  readonly functions: BoundFunctions;
}

/** A project and the functions of its plugins. */
export async function projectWithFunctions(
  file: string = join(REPOSITORY, 'sync.config.yaml'),
): Promise<ProjectWithFunctions> {
  const { project, plugins } = await once(file);
  return { project, functions: bindFunctions(plugins, { onFault: () => undefined }) };
}

interface ReadProject {
  readonly project: Project;
  readonly plugins: LoadedPlugins['plugins'];
}

const read = new Map<string, Promise<ReadProject>>();

/** What is read is frozen, so all tests of a file can have the same. */
function once(file: string): Promise<ReadProject> {
  const known = read.get(file) ?? readProject(file);
  read.set(file, known);
  return known;
}

async function readProject(file: string): Promise<ReadProject> {
  let plugins: LoadedPlugins['plugins'] = [];
  const { project, problems } = await loadProject({
    file,
    environment: {},
    loadFunctions: async (folder, files) => {
      const all = await loadPlugins(folder, files);
      ({ plugins } = all);
      return all;
    },
  });
  if (project === null)
    throw new Error(problems.map((problem) => `${problem.file}:${problem.line} ${problem.message}`).join('\n'));
  return { project, plugins };
}
