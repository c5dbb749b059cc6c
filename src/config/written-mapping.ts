import type { CheckedFile } from './checked-file.ts';
import { namedEntries } from './named-entries.ts';
import type { ProblemSink } from './rules.ts';
import { KEEPING_UP_PARTS } from './schema/keeping-up.ts';
import type { MappingFileTable } from './schema/mapping-table.ts';
import type { MappingFile } from './schema/mapping.ts';
import type { MappingFileNamedSource, MappingFileSource } from './schema/source.ts';
import type { YamlFile, YamlPath } from './yaml-file.ts';

/** What one mapping says: a file with one source, or one source of several with what it does otherwise laid over. */
export interface WrittenMapping extends Omit<MappingFile, 'source' | 'sources'> {
  /** Null when there is none, which has been told. */
  readonly source: MappingFileSource | null;
}

/** Paths lead to where a thing is written: in the shared part of the file, or in the source. */
export interface WrittenFile extends CheckedFile<WrittenMapping> {
  /** The file's `mapping`, where it has several sources. */
  readonly group: string | null;
}

/** The mappings of a file: one, or one for each of its sources. */
export function writtenMappings({ yaml, value }: CheckedFile<MappingFile>, sink: ProblemSink): readonly WrittenFile[] {
  const { source, sources, ...rest } = value;
  if (source !== undefined && sources !== undefined) {
    sink.report('wrong-value', yaml.keyAt(['sources']), 'A mapping has `source` or `sources`: keep one.');
  }
  if (source === undefined && sources === undefined) {
    sink.report('missing-key', yaml.at([]), 'The file needs the key "source".');
  }
  if (source !== undefined || sources === undefined) {
    return [{ yaml, value: { ...rest, source: source ?? null }, group: null }];
  }
  return namedEntries(sources).map(([name, own]) => ({
    yaml: { ...yaml, ...translated(yaml, (path) => sourcePath(path, { name, own, shared: rest })) },
    value: laidOver(rest, name, own),
    group: value.mapping,
  }));
}

const KEEPING_UP: ReadonlySet<string> = new Set(Object.keys(KEEPING_UP_PARTS));

type Shared = Omit<MappingFile, 'source' | 'sources'>;

function laidOver(shared: Shared, name: string, own: MappingFileNamedSource): WrittenMapping {
  const { tables = {}, skip_when = [], rules = [], lookups = {}, ...rest } = own;
  const { incremental, refresh_formulas, deletes, give_up, ...source } = rest;
  const names = [...new Set([...Object.keys(shared.tables), ...Object.keys(tables)])];
  return {
    ...(source.file === undefined ? shared : sharedByFile(shared)),
    ...(incremental === undefined ? {} : { incremental }),
    ...(refresh_formulas === undefined ? {} : { refresh_formulas }),
    ...(deletes === undefined ? {} : { deletes }),
    ...(give_up === undefined ? {} : { give_up }),
    mapping: `${shared.mapping}.${name}`,
    source,
    tables: Object.fromEntries(names.map((table) => [table, tableOver(shared.tables[table], tables[table])])),
    skip_when: [...(shared.skip_when ?? []), ...skip_when],
    rules: [...(shared.rules ?? []), ...rules],
    lookups: { ...shared.lookups, ...lookups },
  };
}

/** What is said of the org for all sources is not said of a file among them. */
function sharedByFile(shared: Shared): Shared {
  const { incremental: _cursor, refresh_formulas: _time, deletes: _gone, ...others } = shared;
  return others;
}

function tableOver(shared: MappingFileTable | undefined, own: Partial<MappingFileTable> = {}): MappingFileTable {
  return { ...shared, ...own, columns: { ...shared?.columns, ...own.columns } };
}

interface Laying {
  readonly name: string;
  readonly own: MappingFileNamedSource;
  readonly shared: Shared;
}

/** Where in the file stands what the laid-over mapping has at this path. */
function sourcePath(path: YamlPath, { name, own, shared }: Laying): YamlPath {
  const inSource = ['sources', name];
  const [first, second, third, fourth] = path.map(String);
  if (first === 'source') return [...inSource, ...path.slice(1)];
  if (first !== undefined && KEEPING_UP.has(first)) return has(own, first) ? [...inSource, ...path] : path;
  if (first === 'lookups' && second !== undefined && has(own.lookups, second)) return [...inSource, ...path];
  if ((first === 'rules' || first === 'skip_when') && second !== undefined) {
    const before = shared[first]?.length ?? 0;
    return Number(second) < before ? path : [...inSource, first, Number(second) - before, ...path.slice(2)];
  }
  if (first !== 'tables' || second === undefined || !has(own.tables, second)) return path;
  const table = own.tables[second];
  const mine = [...inSource, ...path];
  if (!has(shared.tables, second)) return mine;
  if (third !== 'columns') return third !== undefined && has(table, third) ? mine : path;
  return fourth !== undefined && has(table?.columns, fourth) ? mine : path;
}

function has<T extends object>(holder: T | undefined, key: string): holder is T {
  return holder !== undefined && Object.hasOwn(holder, key);
}

function translated(yaml: YamlFile, place: (path: YamlPath) => YamlPath): Pick<YamlFile, 'at' | 'keyAt' | 'inText'> {
  return {
    at: (path) => yaml.at(place(path)),
    keyAt: (path) => yaml.keyAt(place(path)),
    inText: (path, offset) => yaml.inText(place(path), offset),
  };
}
