import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder, removed when the test file is done. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-scratch-'));
  folders.push(folder);
  return folder;
}
