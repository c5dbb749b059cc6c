import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { SyncError } from '../errors/sync-error.ts';
import { checkShape, type Shape, shape } from './check-shape.ts';
import { interpolate, type Environment } from './interpolate.ts';
import type { Problem } from './problem.ts';
import type { CheckedFile } from './checked-file.ts';
import { type ProblemList, problemList, type ProblemSink } from './rules.ts';
import { MAP_SCHEMA, type MapFile } from './schema/map.ts';
import { MAPPING_SCHEMA, type MappingFile } from './schema/mapping.ts';
import { PROJECT_SCHEMA, type ProjectFile } from './schema/project.ts';
import { TABLE_SCHEMA, type TableFile } from './schema/table.ts';
import { parseYaml, type YamlFile } from './yaml-file.ts';

export const PROJECT_FILE = 'sync.config.yaml';

const PROJECT = shape<ProjectFile>(PROJECT_SCHEMA);
const MAPPING = shape<MappingFile>(MAPPING_SCHEMA);
const TABLE = shape<TableFile>(TABLE_SCHEMA);
const MAP = shape<MapFile>(MAP_SCHEMA);

/** The files of a project: read, parsed, held against their schemas. A file with errors is only in `files`. */
export interface ProjectSources {
  /** Absolute folder of the project file. */
  readonly folder: string;
  readonly project: CheckedFile<ProjectFile> | null;
  readonly mappings: readonly CheckedFile<MappingFile>[];
  readonly tables: readonly CheckedFile<TableFile>[];
  readonly maps: readonly CheckedFile<MapFile>[];
  /** Every YAML file that was read. */
  readonly files: readonly YamlFile[];
  /** Kinds of files of which at least one could not be read: names that are missing may stand in it. */
  readonly incomplete: ReadonlySet<'mappings' | 'tables' | 'maps'>;
  readonly problems: readonly Problem[];
}

/**
 * @param file  path of sync.config.yaml
 * @throws SyncError CONFIG_NOT_FOUND when there is no such file
 */
export async function readProject(file: string, environment: Environment): Promise<ProjectSources> {
  const sink = problemList();
  const path = resolve(file);
  const folder = dirname(path);
  const name = basename(path);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new SyncError('CONFIG_NOT_FOUND', `There is no project file ${path} that can be read.`, { cause });
  });
  const yaml = parseYaml(text, name, sink);
  const { value: given, filled } = interpolate(yaml, environment, sink);
  const value = unread(yaml, sink) ? null : await checkShape(PROJECT, { yaml, value: given, filled }, sink);
  const mappings = await readFiles({ folder, under: 'mappings', shape: MAPPING }, sink);
  const tables = await readFiles({ folder, under: 'mappings/tables', shape: TABLE }, sink);
  const maps = await readFiles({ folder, under: 'mappings/maps', shape: MAP }, sink);
  for (const { yaml: written, value: content } of tables.checked) checkName(written, 'table', content.table, sink);
  for (const { yaml: written, value: content } of maps.checked) checkName(written, 'map', content.map, sink);
  return {
    folder,
    project: value === null ? null : { yaml, value },
    mappings: mappings.checked,
    tables: tables.checked,
    maps: maps.checked,
    files: [yaml, ...mappings.all, ...tables.all, ...maps.all],
    incomplete: new Set(
      (['mappings', 'tables', 'maps'] as const).filter((kind) => {
        const { all, checked } = { mappings, tables, maps }[kind];
        return checked.length < all.length;
      }),
    ),
    problems: sink.problems,
  };
}

interface ReadFiles<T> {
  readonly all: readonly YamlFile[];
  readonly checked: readonly CheckedFile<T>[];
}

/** The YAML files of one folder, by name; a folder that is not there has none. */
async function readFiles<T>(
  { folder, under, shape: wanted }: { readonly folder: string; readonly under: string; readonly shape: Shape<T> },
  sink: ProblemList,
): Promise<ReadFiles<T>> {
  const entries = await readdir(join(folder, under), { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => !entry.isDirectory() && /\.ya?ml$/u.test(entry.name))
    .map((entry) => entry.name);
  const all: YamlFile[] = [];
  const checked: CheckedFile<T>[] = [];
  for (const name of names.toSorted()) {
    const file = `${under}/${name}`;
    let text: string;
    try {
      text = await readFile(join(folder, file), 'utf8');
    } catch {
      sink.report('file-missing', { file, line: 1, column: 1 }, 'The file cannot be read.');
      continue;
    }
    const yaml = parseYaml(text, file, sink);
    all.push(yaml);
    if (unread(yaml, sink)) continue;
    const value = await checkShape(wanted, { yaml, value: yaml.value, filled: new Set() }, sink);
    if (value !== null) checked.push({ yaml, value });
  }
  return { all, checked };
}

/** True when the text is no YAML, which has been told. An empty file has the value null, too, and nobody has complained. */
function unread(yaml: YamlFile, { problems }: ProblemList): boolean {
  return yaml.value === null && problems.some(({ file }) => file === yaml.file);
}

function checkName(yaml: YamlFile, key: 'table' | 'map', name: string, sink: ProblemSink): void {
  const expected = basename(yaml.file).replace(/\.ya?ml$/u, '');
  if (expected !== name)
    sink.report(
      'name-differs',
      yaml.at([key]),
      `The file is named "${expected}", the ${key} "${name}".`,
      `Rename the file to ${name}.yaml.`,
    );
}
