import type { LoadFunctions } from '../config/functions.ts';
import type { Environment } from '../config/interpolate.ts';
import type { ParsedFiles } from '../config/parsed-files.ts';
import type { Problem } from '../config/problem.ts';
import type { Mapping } from '../config/mapping.ts';
import type { Project } from '../config/project.ts';
import { loadProjectFunctions } from '../config/project-functions.ts';
import { type CaseSources, readCases } from '../config/read-cases.ts';
import { type ProjectSources, readProject } from '../config/read-project.ts';
import { resolveCases } from '../config/resolve-cases.ts';
import { type ResolvedProject, resolveProject } from '../config/resolve-project.ts';
import { distinctProblems, sortProblems } from '../config/sort-problems.ts';
import { SyncError } from '../errors/sync-error.ts';
import { childProblems } from './check-children.ts';
import { columnProblems } from './check-columns.ts';
import { deleteProblems } from './check-deletes.ts';
import { fieldProblems } from './check-fields.ts';
import { dependencyProblems } from './check-links.ts';
import { linkIndexProblems } from './check-link-indexes.ts';
import { lookupProblems } from './check-lookups.ts';
import { databaseProblems, type TableFinding } from './check-database.ts';
import { type OrgView, orgProblems } from './check-org.ts';
import type { LintedMapping } from './linted-mapping.ts';
import { loginProblems, privacyProblems } from './check-privacy.ts';
import { secretProblems } from './check-secrets.ts';
import { unstampedProblems } from './check-unstamped.ts';
import { sharedTableProblems, unusedProblems } from './check-tables.ts';

export interface LintRequest {
  /** Path of sync.config.yaml. */
  readonly file: string;
  /** For `${NAME}`: usually process.env, handed in. */
  readonly environment: Environment;
  /** Without it no plugin is loaded, and functions are taken as they are named. */
  readonly loadFunctions?: LoadFunctions;
  /** What was made of the files before; without it all are parsed. */
  readonly parsed?: ParsedFiles;
  /** What the org says about the objects of these mappings; without it nobody asks. */
  readonly org?: (mappings: readonly Mapping[]) => Promise<OrgView>;
  /** What does not fit in the tables as they are; without it nobody looks. */
  readonly database?: (project: Project) => Promise<readonly TableFinding[]>;
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
 * Judges the YAML of a project, offline unless it is handed an org or a database. A mapping that cannot be resolved is told why, and looked at no further; its
 * neighbours are.
 * @throws SyncError CONFIG_NOT_FOUND without a project file, NOTHING_TO_LINT without a mapping
 */
export async function lintProject({
  file,
  environment,
  loadFunctions,
  parsed,
  org,
  database,
}: LintRequest): Promise<LintResult> {
  const sources = await readProject(file, environment, parsed);
  if (!sources.files.some((yaml) => /^mappings\/(?:tables\/)?[^/]+$/u.test(yaml.file))) {
    throw new SyncError('NOTHING_TO_LINT', `There is no mapping in ${sources.folder}/mappings.`);
  }
  const cases = await readCases(sources.folder, parsed);
  const functions = await loadProjectFunctions(sources, loadFunctions);
  const { project, tables, mappings, files, problems } = resolveProject(sources, functions);
  const linted = mappings.flatMap((mapping): LintedMapping[] => {
    const written = files.find(({ value }) => value.mapping === mapping.name);
    return written === undefined ? [] : [{ mapping, file: written }];
  });
  const found = [
    ...problems,
    ...[...sources.files, ...cases.files].flatMap(secretProblems),
    ...loginProblems(sources.project),
    ...linted.flatMap((one) => [
      ...fieldProblems(one),
      ...columnProblems(one),
      ...childProblems(one),
      ...lookupProblems(one),
      ...linkIndexProblems(one, tables),
      ...unstampedProblems(one),
      ...deleteProblems(one, tables),
      ...privacyProblems(one, sources.project),
    ]),
    ...dependencyProblems(linted, sources.project?.value.phases ?? []),
    ...sharedTableProblems(linted),
    ...caseProblems(cases, sources, { mappings, files }),
    // A file that could not be read may be the one that uses it.
    ...(sources.incomplete.size > 0 ? [] : unusedProblems(sources, files, tables)),
  ];
  const outside = [
    ...(org === undefined ? [] : await orgFindings(linted, org)),
    // Tables are held against mappings that can be read, and all of them.
    ...(database === undefined || project === null
      ? []
      : databaseProblems(await database(project), project.tables, sources.files)),
  ];
  return {
    files: sources.files.length + cases.files.length,
    problems: sortProblems(distinctProblems([...found, ...outside])),
    project,
  };
}

async function orgFindings(
  linted: readonly LintedMapping[],
  org: NonNullable<LintRequest['org']>,
): Promise<readonly Problem[]> {
  const view = await org(linted.map(({ mapping }) => mapping));
  return linted.flatMap((one) => orgProblems(one, view));
}

function caseProblems(
  cases: CaseSources,
  { incomplete }: ProjectSources,
  { mappings, files }: Pick<ResolvedProject, 'mappings' | 'files'>,
): readonly Problem[] {
  const names = files.map(({ value }) => value.mapping);
  const { problems } = resolveCases(cases, mappings, names);
  // A mapping file that could not be read may be the one that is tested.
  return incomplete.has('mappings') ? problems.filter(({ rule }) => rule !== 'unknown-mapping') : problems;
}
