import type { Project } from '../config/project.ts';
import { type Check, fail, failed, look, ok, skipped, warn } from './check.ts';
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
  yield* await look('disk', () => diskCheck(project, deps));
  yield* await databaseChecks(project, deps);
  yield* await orgChecks(project, deps);
}

function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 19)) return ok('Node.js', version);
  return fail('Node.js', `${version} is too old.`, 'Install Node.js 22.19 or newer.');
}

async function diskCheck(project: Project, deps: ExamineDeps): Promise<Check> {
  const free = await deps.freeBytes(project.folder);
  const message = `${(free / GIGABYTE).toFixed(1)} GB free in ${project.folder}`;
  return free < FEW_BYTES ? warn('disk', message, 'Free disk space: the log is written there.') : ok('disk', message);
}
