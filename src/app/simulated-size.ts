import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isRecord } from '../config/is-record.ts';
import type { Project } from '../config/project.ts';
import { stateFolder } from './state-folder.ts';
import type { SimulatedOrgSize } from './simulated-org.ts';

const FULL: SimulatedOrgSize = { students: null, bad: null };

/** The size that the project's demo was begun with: another one would be another org. The full one unless told. */
export async function rememberedSize(project: Project): Promise<SimulatedOrgSize> {
  const text = await readFile(fileOf(project), 'utf8').catch(() => '{}');
  const { students, bad } = parsed(text);
  return {
    students: typeof students === 'number' ? students : FULL.students,
    bad: typeof bad === 'number' ? bad : FULL.bad,
  };
}

export async function rememberSize(project: Project, size: SimulatedOrgSize): Promise<void> {
  const file = fileOf(project);
  if (size.students === null && size.bad === null) {
    await rm(file, { force: true });
    return;
  }
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(size)}\n`);
}

function fileOf(project: Project): string {
  return path.join(stateFolder(project), 'simulated-org.json');
}

/** What a person has spoilt counts as not written. */
function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
