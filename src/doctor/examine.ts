import { resolve } from 'node:path';
import type { Mapping } from '../config/mapping.ts';
import type { Project } from '../config/project.ts';
import { type Check, fail, failed, look, ok, skipped, warn } from './check.ts';
import type { LoadedPlugin } from '../plugin/loaded-plugin.ts';
import { databaseChecks } from './database-checks.ts';
import type { ExamineDeps } from './examine-deps.ts';
import { orgChecks } from './org-checks.ts';

/** Below this an embedded database or a log may fill the disk in the middle of a run. */
const FEW_BYTES = 1024 ** 3;
const GIGABYTE = 1024 ** 3;

/** Looks at everything that a run needs, one thing after another, and tells each as soon as it is known. */
export async function* examine(deps: ExamineDeps): AsyncGenerator<Check, void, undefined> {
  yield nodeCheck(deps.nodeVersion);
  let project: Project;
  try {
    project = await deps.project();
  } catch (error) {
    yield failed('configuration', error);
    for (const name of ['disk', 'database', 'org']) yield skipped(name, 'the configuration cannot be read');
    return;
  }
  yield ok('configuration', `${project.mappings.length} mappings, ${project.tables.size} tables`);
  for (const plugin of await deps.plugins()) yield ok(`plugin ${plugin.name}`, pluginText(plugin));
  for (const mapping of project.mappings)
    yield* await look(`mapping ${mapping.name}`, () => fileCheck(mapping, project, deps));
  if (project.privacy.quarantine.record === 'encrypt') yield* await look(KEY, () => keyCheck(deps));
  yield* await look('disk', () => diskCheck(project, deps));
  yield* await databaseChecks(project, deps);
  yield* await orgChecks(project, deps);
}

function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 19)) return ok('Node.js', version);
  return fail('Node.js', `${version} is too old.`, 'Install Node.js 22.19 or newer.');
}

/** For a mapping that reads a file; the others are looked at where the org is. */
async function fileCheck(
  { name, source: { file } }: Mapping,
  { folder }: Project,
  { isReadable }: ExamineDeps,
): Promise<readonly Check[]> {
  if (file === null) return [];
  if (await isReadable(resolve(folder, file.path))) return [ok(`mapping ${name}`, `${file.path} can be read`)];
  const message = `${file.path} is not there, or cannot be read.`;
  return [
    file.optional
      ? warn(`mapping ${name}`, message, 'Without it, the step does nothing.')
      : fail(`mapping ${name}`, message, 'Put the file there, or write `optional: true` in the mapping.'),
  ];
}

/** A plugin that cannot be loaded has failed the configuration already. */
function pluginText({ file, functions, notifiers }: LoadedPlugin): string {
  const names = [...functions.map(({ spec }) => spec.name), ...notifiers.map(({ name }) => name)];
  return `${file}: ${names.length === 0 ? 'no functions' : names.join(', ')}`;
}

const KEY = 'quarantine key';

async function keyCheck({ requireKey }: ExamineDeps): Promise<Check> {
  await requireKey();
  return ok(KEY, 'records in quarantine are kept encrypted');
}

async function diskCheck(project: Project, deps: ExamineDeps): Promise<Check> {
  const free = await deps.freeBytes(project.folder);
  const message = `${(free / GIGABYTE).toFixed(1)} GB free in ${project.folder}`;
  return free < FEW_BYTES ? warn('disk', message, 'Free disk space: the log is written there.') : ok('disk', message);
}
