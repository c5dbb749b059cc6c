import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';

const PARTS = ['sync.config.yaml', 'mappings', 'plugins', 'schemas'];

export interface Sizes {
  readonly batch: number;
  readonly commit: number;
}

/**
 * Copies this repository's own project, so that the benchmark's logs and state stay apart from it.
 * @param sizes  batch and commit of phases of the students mapping, where they are not the defaults
 * @returns path of its sync.config.yaml
 */
export function copyProject(root: string, folder: string, sizes: Readonly<Record<string, Sizes>> = {}): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const part of PARTS.filter((name) => existsSync(join(root, name)))) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  const file = join(folder, 'mappings', 'students.yaml');
  const mapping = parseDocument(readFileSync(file, 'utf8'));
  for (const [phase, { batch, commit }] of Object.entries(sizes)) {
    const settings = mapping.getIn(['phases', phase]);
    if (settings === null || settings === undefined) mapping.setIn(['phases', phase], mapping.createNode({}));
    mapping.setIn(['phases', phase, 'batch_size'], batch);
    mapping.setIn(['phases', phase, 'commit_size'], commit);
  }
  writeFileSync(file, mapping.toString());
  return join(folder, 'sync.config.yaml');
}
