import { describe, expect, it } from '@jest/globals';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { strippedTypes } from '../../src/plugin/strip-types.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

describe('a plugin in TypeScript', () => {
  it('is read without its types, on the lines and columns that it has', async () => {
    const { url, place } = await written(
      'export const a: number = 1;\ntype B = string;\nexport const c = 2 as const;\n',
    );

    const text = strippedTypes(url, place);

    expect(text).toBe('export const a         = 1;\n                \nexport const c = 2         ;\n');
  });

  it('is stripped once for what it says', async () => {
    const { url, place } = await written('export const a: number = 1;\n');
    const first = strippedTypes(url, place);
    const [kept] = await readdir(place);
    await writeFile(new URL(kept ?? '', place), 'kept');

    expect(first).toBe('export const a         = 1;\n');
    expect(strippedTypes(url, place)).toBe('kept');
    await writeFile(new URL(url), 'export const b: number = 2;\n');
    expect(strippedTypes(url, place)).toBe('export const b         = 2;\n');
  });

  it('is left to Node.js where it has more than types, which says so', async () => {
    const { url, place } = await written('export enum Level { Low, High }\n');

    expect(strippedTypes(url, place)).toBeNull();
  });

  it('is stripped where nothing can be kept', async () => {
    const { url } = await written('export const a: number = 1;\n');

    // The folder would lie in a file.
    expect(strippedTypes(url, new URL(`${url}/kept/`))).toBe('export const a         = 1;\n');
  });
});

async function written(text: string): Promise<{ readonly url: string; readonly place: URL }> {
  const folder = scratchFolder();
  const file = path.join(folder, 'plugin.ts');
  await writeFile(file, text);
  return { url: pathToFileURL(file).href, place: new URL('kept/', pathToFileURL(`${folder}/`)) };
}
