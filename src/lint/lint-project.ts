import type { Environment } from '../config/interpolate.ts';
import type { Problem } from '../config/problem.ts';
import type { Project } from '../config/project.ts';
import { readProject } from '../config/read-project.ts';
import { resolveProject } from '../config/resolve-project.ts';
import { sortProblems } from '../config/rules.ts';
import { SyncError } from '../errors/sync-error.ts';
import { childProblems } from './check-children.ts';
import { columnProblems } from './check-columns.ts';
import { fieldProblems } from './check-fields.ts';
import { dependencyProblems } from './check-links.ts';
import type { LintedMapping } from './linted-mapping.ts';
import { loginProblems, privacyProblems } from './check-privacy.ts';
import { secretProblems } from './check-secrets.ts';
import { sharedTableProblems, unusedProblems } from './check-tables.ts';

export interface LintRequest {
  /** Path of sync.config.yaml. */
  readonly file: string;
  /** For `${NAME}`: usually process.env, handed in. */
  readonly environment: Environment;
}

export interface LintResult {
  /** YAML files that were read. */
  readonly files: number;
  /** By file, line and column. */
  readonly problems: readonly Problem[];
  /** What was linted; null when an error keeps it from being read. */
  readonly project: Project | null;
}

/**
 * Judges the YAML of a project, offline. A mapping that cannot be resolved is told why, and looked at no further; its
 * neighbours are.
 * @throws SyncError CONFIG_NOT_FOUND without a project file, NOTHING_TO_LINT without a mapping
 */
export async function lintProject({ file, environment }: LintRequest): Promise<LintResult> {
  const sources = await readProject(file, environment);
  if (!sources.files.some((yaml) => /^mappings\/[^/]+$/u.test(yaml.file))) {
    throw new SyncError('NOTHING_TO_LINT', `There is no mapping in ${sources.folder}/mappings.`);
  }
  const { project, tables, mappings, problems } = resolveProject(sources);
  const linted = mappings.flatMap((mapping): LintedMapping[] => {
    const written = sources.mappings.find(({ yaml }) => yaml.file === mapping.file);
    return written === undefined ? [] : [{ mapping, file: written }];
  });
  const found = [
    ...problems,
    ...sources.files.flatMap(secretProblems),
    ...loginProblems(sources.project),
    ...linted.flatMap((one) => [
      ...fieldProblems(one),
      ...columnProblems(one),
      ...childProblems(one),
      ...privacyProblems(one, sources.project),
    ]),
    ...dependencyProblems(linted, sources.project?.value.phases ?? []),
    ...sharedTableProblems(linted),
    // A file that could not be read may be the one that uses it.
    ...(sources.incomplete.size > 0 ? [] : unusedProblems(sources, tables)),
  ];
  return { files: sources.files.length, problems: sortProblems(found), project };
}
