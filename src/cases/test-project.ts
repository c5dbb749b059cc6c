import { configError } from '../config/config-error.ts';
import type { LoadFunctions } from '../config/functions.ts';
import type { Environment } from '../config/interpolate.ts';
import type { CaseFile } from '../config/mapping-case.ts';
import { didYouMean } from '../config/nearest.ts';
import { loadProjectFunctions } from '../config/project-functions.ts';
import { type CaseSources, readCases } from '../config/read-cases.ts';
import { readProject } from '../config/read-project.ts';
import { resolveCases } from '../config/resolve-cases.ts';
import { resolveProject } from '../config/resolve-project.ts';
import { sortProblems } from '../config/sort-problems.ts';
import type { WrittenFile } from '../config/written-mapping.ts';
import { SyncError } from '../errors/sync-error.ts';
import { bindFunctions } from '../plugin/bind-functions.ts';
import { loadPlugins } from '../plugin/load-plugins.ts';
import type { LoadedPlugin } from '../plugin/loaded-plugin.ts';
import { compileTrial } from './case-outcome.ts';
import type { CaseResult, TestReport } from './case-result.ts';
import { differencesOf } from './compare-case.ts';

export interface TestRequest {
  /** Path of sync.config.yaml. */
  readonly file: string;
  /** For `${NAME}`: usually process.env, handed in. */
  readonly environment: Environment;
  /** Names of mappings, or `tag:x`; empty for all. */
  readonly select: readonly string[];
}

/**
 * Runs the cases of a project, without org and database. Problems in mappings that no chosen case is about stop nothing.
 * @throws SyncError CONFIG_NOT_FOUND without a project file, NOTHING_TO_TEST without cases, SELECTION_EMPTY for a name
 *   that does not exist, CONFIG_INVALID when the project has problems
 */
export async function testProject({ file, environment, select }: TestRequest): Promise<TestReport> {
  const sources = await readProject(file, environment);
  const plugins: LoadedPlugin[] = [];
  const load: LoadFunctions = async (folder, files) => {
    const loaded = await loadPlugins(folder, files);
    plugins.push(...loaded.plugins);
    return loaded;
  };
  const project = resolveProject(sources, await loadProjectFunctions(sources, load));
  const cases = await readCases(sources.folder);
  const names = project.files.map(({ value }) => value.mapping);
  const resolved = resolveCases(cases, project.mappings, names);
  const chosen = chosenMappings(project.files, select);
  const chosenNames = chosen.map(({ value }) => value.mapping);
  const files = resolved.files.filter(({ mapping }) => chosenNames.includes(mapping.name));
  const isAside = asideOf(cases, project.files, chosen);
  const problems = [...project.problems, ...resolved.problems].filter(
    ({ severity, file: at }) => severity === 'error' && !isAside(at),
  );
  if (problems.length > 0) throw configError(sortProblems(problems));
  if (cases.files.length === 0) {
    throw new SyncError('NOTHING_TO_TEST', `There is no case in ${sources.folder}/mappings/tests.`);
  }
  const functions = bindFunctions(plugins, { onFault: () => undefined });
  const results = files.flatMap((one) => runFile(one, functions));
  return {
    files: files.length,
    cases: results.length,
    failed: results.filter(({ passed }) => !passed).length,
    results,
    untested: chosenNames.filter((name) => !files.some(({ mapping }) => mapping.name === name)),
  };
}

/** The mappings that a selection names, as they are written: also those that could not be resolved. */
function chosenMappings(written: readonly WrittenFile[], select: readonly string[]): readonly WrittenFile[] {
  for (const term of select) {
    if (written.some((one) => isNamed(one, term))) continue;
    const hint = didYouMean(
      term,
      written.map(({ value }) => value.mapping),
    );
    throw new SyncError('SELECTION_EMPTY', `There is no mapping "${term}".`, hint === null ? {} : { actions: [hint] });
  }
  return select.length === 0 ? written : written.filter((one) => select.some((term) => isNamed(one, term)));
}

function isNamed({ value: { mapping, tags }, group }: WrittenFile, term: string): boolean {
  return term.startsWith('tag:') ? tags.includes(term.slice(4)) : mapping === term || group === term;
}

/** Whether a problem is in a mapping or in cases that have nothing to do with what is tested. */
function asideOf(
  cases: CaseSources,
  written: readonly WrittenFile[],
  chosen: readonly WrittenFile[],
): (file: string) => boolean {
  const concerned = cases.checked.flatMap(({ yaml, value: { mapping, source } }) => {
    const tested = written.filter((one) => (source === undefined ? one.value.mapping : one.group) === mapping);
    const isConcerned = tested.length === 0 || tested.some((one) => chosen.includes(one));
    return isConcerned ? [yaml.file, ...tested.map((one) => one.yaml.file)] : [];
  });
  const judged = new Set(concerned);
  const readable = new Set(cases.checked.map(({ yaml }) => yaml.file));
  return (file) => !judged.has(file) && (/^mappings\/[^/]+$/u.test(file) || readable.has(file));
}

function runFile(file: CaseFile, functions: Parameters<typeof compileTrial>[1]): readonly CaseResult[] {
  const attempt = compileTrial(file, functions);
  return file.cases.map((one, index) => {
    const differences = differencesOf(one, attempt(one, index + 1), file.mapping).map(
      ({ position, ...difference }) => ({
        ...difference,
        line: position.line,
      }),
    );
    return {
      file: file.file,
      line: one.position.line,
      mapping: file.mapping.name,
      name: one.name,
      passed: differences.length === 0,
      differences,
    };
  });
}
