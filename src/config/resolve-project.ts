import { durationSeconds } from './duration.ts';
import { freezeDeep } from './freeze-deep.ts';
import type { Mapping, ValueMap } from './mapping.ts';
import { namedEntries } from './named-entries.ts';
import type { Problem } from './problem.ts';
import type { Project } from './project.ts';
import type { LoadedFunctions } from './functions.ts';
import type { ProjectSources } from './read-project.ts';
import type { Filler } from './resolve-context.ts';
import { reportShortLookback } from './resolve-incremental.ts';
import { foldValues } from './resolve-map.ts';
import { resolveMapping } from './resolve-mapping.ts';
import type { CheckedFile } from './checked-file.ts';
import { resolveTables } from './resolve-table.ts';
import { type ConfigRule, problemList, type ProblemSink, without } from './rules.ts';
import { distinctProblems } from './sort-problems.ts';
import type { MapFile } from './schema/map.ts';
import type { MappingFile } from './schema/mapping.ts';
import type { ProjectFile } from './schema/project.ts';
import type { Table } from './table.ts';
import { type WrittenFile, writtenMappings } from './written-mapping.ts';

/** What could be resolved, and what is wrong with the rest. */
export interface ResolvedProject {
  /** Null when anything at all is wrong. */
  readonly project: Project | null;
  readonly tables: ReadonlyMap<string, Table>;
  readonly maps: ReadonlyMap<string, ValueMap>;
  readonly mappings: readonly Mapping[];
  /** Every mapping as it is written; those with several sources once for each. */
  readonly files: readonly WrittenFile[];
  readonly problems: readonly Problem[];
}

export function resolveProject(sources: ProjectSources, functions: LoadedFunctions): ResolvedProject {
  const sink = problemList();
  const mild = without(
    sink,
    [...sources.incomplete].flatMap((kind) => GUESSES[kind]),
  );
  const tables = resolveTables(sources.tables, mild);
  const maps = resolveMaps(sources.maps, sink);
  const file = sources.project?.value;
  const distinct = distinctMappings(sources.mappings, sink);
  const files = distinct.flatMap((mapping) => writtenMappings(mapping, sink));
  const incremental = file?.defaults.incremental ?? false;
  if (typeof incremental === 'object' && sources.project !== null) {
    reportShortLookback(incremental.lookback, sources.project.yaml, ['defaults', 'incremental', 'lookback'], sink);
  }
  for (const { position, message, suggestion } of functions.problems) {
    sink.report('plugin', position, message, suggestion);
  }
  const surroundings = {
    defaults: {
      phases: file?.phases ?? [],
      batchSize: file?.defaults.batch_size ?? 0,
      commitSize: file?.defaults.commit_size ?? 0,
      incremental,
    },
    tables,
    maps,
    fillers: fillersOf(files, tables),
    functions,
    names: [...new Set([...distinct, ...files].map(({ value }) => value.mapping))],
  };
  // Without the project file no phase is known, and every mapping would be blamed for it.
  const mappings =
    file === undefined ? [] : files.flatMap((mapping) => resolveMapping(mapping, surroundings, mild) ?? []);
  const problems = distinctProblems([...sources.problems, ...sink.problems]);
  const sound = file !== undefined && problems.every(({ severity }) => severity === 'warning');
  const project = sound ? buildProject(sources, file, tables, mappings) : null;
  return { project, tables, maps, mappings, files, problems };
}

/** What may only be missing because a file with errors could not be read. */
const GUESSES = {
  mappings: ['unknown-mapping', 'unknown-link'],
  tables: ['unknown-table', 'unknown-reference'],
  maps: ['unknown-map'],
} as const satisfies Record<string, readonly ConfigRule[]>;

function buildProject(
  { folder }: ProjectSources,
  file: ProjectFile,
  tables: ReadonlyMap<string, Table>,
  mappings: readonly Mapping[],
): Project {
  const { salesforce, database, limits, privacy, history, state } = file;
  const { record, retention } = privacy.quarantine;
  const { per_run, keep_free } = salesforce.api_budget;
  return freezeDeep({
    folder,
    name: file.project,
    salesforce: {
      auth: salesforce.auth,
      loginUrl: salesforce.login_url,
      apiVersion: salesforce.api_version,
      apiBudget: {
        perRun: typeof per_run === 'number' ? { calls: per_run } : per_run === null ? null : { share: share(per_run) },
        keepFree: share(keep_free),
      },
    },
    database,
    phases: file.phases,
    plugins: file.plugins,
    limits: {
      quarantine: limits.quarantine === null ? null : share(limits.quarantine),
      deletes: limits.deletes === null ? null : share(limits.deletes),
    },
    privacy: {
      reveal: privacy.reveal,
      quarantine: { record, retention: retention === null ? null : durationSeconds(retention) },
    },
    history: history === null ? null : { keep: durationSeconds(history.keep) },
    state: { keepRuns: state.keep_runs === null ? null : durationSeconds(state.keep_runs) },
    tables,
    mappings,
  });
}

/** `5%` is 0.05; the schema has checked the form. */
function share(text: string): number {
  return Number(text.replace('%', '')) / 100;
}

function resolveMaps(files: readonly CheckedFile<MapFile>[], sink: ProblemSink): ReadonlyMap<string, ValueMap> {
  const maps = new Map<string, ValueMap>();
  for (const { yaml, value } of files) {
    if (maps.has(value.map)) {
      sink.report('duplicate-name', yaml.at(['map']), `The map "${value.map}" is declared in two files.`);
      continue;
    }
    const folded = new Set<string>();
    for (const key of value.ignore_case ? Object.keys(value.values) : []) {
      const name = key.trim().toLowerCase();
      if (folded.has(name))
        sink.report('duplicate-key', yaml.keyAt(['values', key]), `With \`ignore_case\`, "${key}" stands here twice.`);
      folded.add(name);
    }
    maps.set(
      value.map,
      freezeDeep({
        name: value.map,
        values: foldValues(value.values, value.ignore_case),
        ignoreCase: value.ignore_case,
      }),
    );
  }
  return maps;
}

function distinctMappings(
  files: readonly CheckedFile<MappingFile>[],
  sink: ProblemSink,
): readonly CheckedFile<MappingFile>[] {
  const seen = new Map<string, string>();
  return files.filter(({ yaml, value }) => {
    const other = seen.get(value.mapping);
    if (other === undefined) seen.set(value.mapping, yaml.file);
    else
      sink.report(
        'duplicate-name',
        yaml.at(['mapping']),
        `The mapping "${value.mapping}" is declared in ${other} already.`,
      );
    return other === undefined;
  });
}

/** Which mappings fill which tables, and by what they find the rows; those that find them first. */
function fillersOf(
  files: readonly WrittenFile[],
  tables: ReadonlyMap<string, Table>,
): ReadonlyMap<string, readonly Filler[]> {
  const fillers = new Map<string, Filler[]>();
  const children: Filler[] = [];
  const add = (filler: Filler): void => {
    fillers.set(filler.table, [...(fillers.get(filler.table) ?? []), filler]);
  };
  for (const { value } of files) {
    const written = namedEntries(value.tables);
    const own = written.filter(([, { each, parent }]) => each === undefined && parent === undefined);
    const key = own.find(([name]) => tables.get(name)?.extends === null)?.[1].key ?? [];
    for (const [table] of own) {
      const role = tables.get(table)?.extends === null ? 'root' : 'extension';
      add({ mapping: value.mapping, table, key: [key].flat(), role });
    }
    children.push(
      ...written
        .filter((entry) => !own.includes(entry))
        .map(([table]): Filler => ({ mapping: value.mapping, table, key: [], role: 'child' })),
    );
  }
  for (const child of children) add(child);
  return fillers;
}
