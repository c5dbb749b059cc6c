import path from 'node:path';
import type { Project } from '../config/project.ts';

/** Folder for what Sluice keeps beside the project: embedded database, logs. */
export function stateFolder(project: Pick<Project, 'folder'>): string {
  return path.join(project.folder, '.sluice');
}
