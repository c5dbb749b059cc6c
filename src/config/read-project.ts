import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { SyncError } from '../errors/sync-error.ts';
import { checkShape, shape } from './check-shape.ts';
import { interpolate, type Environment } from './interpolate.ts';
import type { Problem } from './problem.ts';
import type { CheckedFile } from './checked-file.ts';
import type { ParsedFiles } from './parsed-files.ts';
import { isBroken, readFiles, readText, readYaml } from './read-files.ts';
import { problemList, type ProblemSink } from './rules.ts';
import type { MapFile } from './schema/map.ts';
import type { MappingFile } from './schema/mapping.ts';
import type { ProjectFile } from './schema/project.ts';
import type { TableFile } from './schema/table.ts';
import type { YamlFile } from './yaml-file.ts';

export const PROJECT_FILE = 'sync.config.yaml';

const PROJECT = shape<ProjectFile>('project');
const MAPPING = shape<MappingFile>('mapping');
export const TABLE = shape<TableFile>('table');
const MAP = shape<MapFile>('map');

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
 * @param parsed  what is known of the files from before
 * @throws SyncError CONFIG_NOT_FOUND when there is no such file
 */
export async function readProject(
  file: string,
  environment: Environment,
  parsed?: ParsedFiles,
): Promise<ProjectSources> {
  const sink = problemList();
  const path = resolve(file);
  const folder = dirname(path);
  if (!existsSync(path)) throw new SyncError('CONFIG_NOT_FOUND', `There is no project file ${path}.`);
  const text = await readText(path, basename(path), sink);
  const yaml = await readYaml({ text: text ?? '', file: basename(path), parsed }, sink);
  const { value: given, filled } = interpolate(yaml, environment, sink);
  const value = isBroken(yaml, sink) ? null : await checkShape(PROJECT, { yaml, value: given, filled }, sink);
  const [mappings, tables, maps] = await Promise.all([
    readFiles({ folder, under: 'mappings', shape: MAPPING, parsed }, sink),
    readFiles({ folder, under: 'mappings/tables', shape: TABLE, parsed }, sink),
    readFiles({ folder, under: 'mappings/maps', shape: MAP, parsed }, sink),
  ]);
  await parsed?.save();
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
      (['mappings', 'tables', 'maps'] as const).filter((kind) => !{ mappings, tables, maps }[kind].complete),
    ),
    problems: sink.problems,
  };
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
