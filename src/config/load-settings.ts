import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import type { LoadedProject, LoadRequest } from './load-project.ts';
import { NO_FUNCTIONS } from './functions.ts';
import { readFiles } from './read-files.ts';
import { readProject, TABLE } from './read-project.ts';
import { resolveProject } from './resolve-project.ts';
import { problemList } from './rules.ts';
import type { TableFile } from './schema/table.ts';

/**
 * The project file alone, as a project without tables and mappings: for commands that make those files, and must not
 * mind what is wrong with them meanwhile.
 * @throws SyncError CONFIG_NOT_FOUND when there is no such file
 */
export async function loadSettings({ file, environment, parsed }: LoadRequest): Promise<LoadedProject> {
  const sources = await readProject(file, environment, parsed);
  const problems = sources.problems.filter((problem) => problem.file === basename(file));
  const alone = { ...sources, problems, mappings: [], tables: [], maps: [], incomplete: new Set<never>() };
  return resolveProject(alone, { catalogue: NO_FUNCTIONS, complete: false, problems: [] });
}

/** A table file that is there. */
export interface TableFileThere {
  /** Null when it cannot be read, or is no table file. */
  readonly content: TableFile | null;
}

/**
 * @param folder  where the files are, absolute
 * @returns by file name (`student.yaml`); a folder that is not there has none
 */
export async function readTableFiles(folder: string): Promise<ReadonlyMap<string, TableFileThere>> {
  const names = await readdir(folder).catch(() => []);
  const { checked } = await readFiles({ folder, under: '.', shape: TABLE, parsed: undefined }, problemList());
  const contents = new Map(checked.map(({ yaml, value }) => [basename(yaml.file), value]));
  return new Map(
    names.filter((name) => /\.ya?ml$/u.test(name)).map((name) => [name, { content: contents.get(name) ?? null }]),
  );
}
