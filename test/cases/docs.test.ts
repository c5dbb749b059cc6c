import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { testProject } from '../../src/cases/test-project.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/testing-mappings.md'), 'utf8');
const [whole = '', ...pieces] = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = '']) => block);

describe('the page about testing mappings', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'testing-page-'));
    for (const part of ['sync.config.yaml', 'mappings', 'plugins'].filter((name) => existsSync(join(root, name))))
      cpSync(join(root, part), join(folder, part), { recursive: true });
    rmSync(join(folder, 'mappings/tests'), { recursive: true });
    mkdirSync(join(folder, 'mappings/tests'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  async function failures(mapping: string, text: string) {
    writeFileSync(join(folder, `mappings/tests/${mapping}.yaml`), text);
    const file = join(folder, 'sync.config.yaml');
    const { results } = await testProject({ file, environment: {}, select: [mapping.split('-')[0] ?? ''] });
    return results.filter(({ passed }) => !passed);
  }

  it('begins with cases that pass', async () => {
    expect(await failures('students', whole)).toEqual([]);
  });

  it.each([
    ['volunteers', 'volunteers', 'the same address twice'],
    ['history-emails', 'history\nsource: emails', 'about a case'],
  ])('shows a case of %s that passes', async (file, mapping, name) => {
    const piece = pieces.find((block) => block.includes(name)) ?? '';

    expect(await failures(file, `mapping: ${mapping}\ncases:\n${piece.replaceAll(/^/gm, '  ')}`)).toEqual([]);
  });
});
