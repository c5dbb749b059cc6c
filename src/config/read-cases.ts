import type { CheckedFile } from './checked-file.ts';
import { shape } from './check-shape.ts';
import type { Problem } from './problem.ts';
import type { ParsedFiles } from './parsed-files.ts';
import { readFiles } from './read-files.ts';
import { problemList } from './rules.ts';
import type { CasesFile } from './schema/cases.ts';
import type { YamlFile } from './yaml-file.ts';

const CASES = shape<CasesFile>('cases');

/** The files of `mappings/tests`: read, parsed, held against their schema. A file with errors is only in `files`. */
export interface CaseSources {
  readonly files: readonly YamlFile[];
  readonly checked: readonly CheckedFile<CasesFile>[];
  readonly problems: readonly Problem[];
}

/**
 * Read apart from the project, and only by those who lint or test it: no run stops for a test.
 * @param folder  of the project, absolute
 * @param parsed  what is known of the files from before
 */
export async function readCases(folder: string, parsed?: ParsedFiles): Promise<CaseSources> {
  const sink = problemList();
  const { all, checked } = await readFiles({ folder, under: 'mappings/tests', shape: CASES, parsed }, sink);
  await parsed?.save();
  return { files: all, checked, problems: sink.problems };
}
