import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadProject } from '../../src/config/load-project.ts';
import type { Mapping } from '../../src/config/mapping.ts';
import type { Project } from '../../src/config/project.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** The repository's own project. */
export async function repositoryProject(): Promise<Project> {
  return loaded(join(REPOSITORY, 'sync.config.yaml'));
}

/** A project written for one test; the folder goes when the callback ends. */
export async function projectOf(files: Readonly<Record<string, string>>): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-project-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return await loaded(join(folder, 'sync.config.yaml'));
  } finally {
    rmSync(folder, { recursive: true });
  }
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
