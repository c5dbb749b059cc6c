import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkShape, type Shape } from './check-shape.ts';
import type { CheckedFile } from './checked-file.ts';
import { isRecord } from './is-record.ts';
import type { ParsedFiles } from './parsed-files.ts';
import type { ProblemList, ProblemSink } from './rules.ts';
import { yamlFile, type YamlFile } from './yaml-file.ts';
import { valueOf } from './yaml-tree.ts';

export interface ReadFiles<T> {
  /** Files that could be read, whether or not they are YAML. */
  readonly all: readonly YamlFile[];
  /** Those of them that have the form of their schema. */
  readonly checked: readonly CheckedFile<T>[];
  /** False when any file has an error: names that are missing may stand in it. */
  readonly complete: boolean;
}

/** Where YAML files are, and what is known of them. */
export interface ReadFrom<T> {
  readonly folder: string;
  readonly under: string;
  readonly shape: Shape<T>;
  readonly parsed: ParsedFiles | undefined;
}

/** The YAML files of one folder, by name; a folder that is not there has none. */
export async function readFiles<T>(
  { folder, under, shape, parsed }: ReadFrom<T>,
  sink: ProblemList,
): Promise<ReadFiles<T>> {
  const names = await yamlNames(folder, under, sink);
  const all: YamlFile[] = [];
  const checked: CheckedFile<T>[] = [];
  // All reads at once: one after another, a slow disk would be waited for by each.
  const files = names.map((name) => `${under}/${name}`);
  const texts = await Promise.all(
    files.map(async (file) => [file, await readText(join(folder, file), file, sink)] as const),
  );
  for (const [file, text] of texts) {
    if (text === null) continue;
    const yaml = await readYaml({ text, file, parsed }, sink);
    all.push(yaml);
    if (isBroken(yaml, sink)) continue;
    const value = await checkShape(shape, { yaml, value: yaml.value, filled: new Set() }, sink);
    if (value !== null) checked.push({ yaml, value });
  }
  return { all, checked, complete: checked.length === names.length };
}

async function yamlNames(folder: string, under: string, sink: ProblemSink): Promise<readonly string[]> {
  try {
    const entries = await readdir(join(folder, under), { withFileTypes: true });
    // Names with a dot in front are left by editors.
    const files = entries.filter((entry) => !entry.isDirectory() && /^[^.].*\.ya?ml$/u.test(entry.name));
    return files.map(({ name }) => name).toSorted();
  } catch (error) {
    if (!isMissing(error))
      sink.report('file-missing', { file: under, line: 1, column: 1 }, 'The folder cannot be read.');
    return [];
  }
}

function isMissing(error: unknown): boolean {
  return isRecord(error) && (error['code'] === 'ENOENT' || error['code'] === 'ENOTDIR');
}

/** The parser is loaded only for a text that nobody has parsed before. */
export async function readYaml(
  { text, file, parsed }: { readonly text: string; readonly file: string; readonly parsed: ParsedFiles | undefined },
  sink: ProblemSink,
): Promise<YamlFile> {
  const known = await parsed?.find(text);
  if (known !== undefined) return yamlFile(known, { file, text, value: valueOf(known) });
  const { parseYaml } = await import('./parse-yaml.ts');
  const { yaml, tree } = parseYaml(text, file, sink);
  if (tree !== null) parsed?.keep(text, tree);
  return yaml;
}

/** @returns null when the file cannot be read or is not UTF-8, which is reported */
export async function readText(path: string, file: string, sink: ProblemSink): Promise<string | null> {
  const start = { file, line: 1, column: 1 };
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch {
    sink.report('file-missing', start, 'The file cannot be read.');
    return null;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    sink.report('yaml-syntax', start, 'The file is not UTF-8.', 'Save it again with the encoding UTF-8.');
    return null;
  }
}

/** True when the text is no YAML, which has been told. An empty file is null, too, but nobody has complained about it. */
export function isBroken(yaml: YamlFile, { problems }: ProblemList): boolean {
  return yaml.value === null && problems.some(({ file }) => file === yaml.file);
}
