import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Files } from './project-folder.ts';

/** The files of a project in test/fixtures, by their path in it. */
export function fixture(name: string): Files {
  const folder = fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(
    paths
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => [path.replaceAll('\\', '/'), readFileSync(join(folder, path), 'utf8')]),
  );
}
