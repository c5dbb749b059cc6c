import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadProject } from '../../src/config/load-project.ts';
import type { Mapping } from '../../src/config/mapping.ts';
import type { Project } from '../../src/config/project.ts';

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
  const { project, problems } = await loadProject({ file, environment: {} });
  if (project === null) throw new Error(problems.map(({ message, line }) => `${line}: ${message}`).join('\n'));
  return project;
}
