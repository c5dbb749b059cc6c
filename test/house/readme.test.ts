import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lintProject } from '../../src/lint/lint-project.ts';

const root = resolve(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The YAML block that follows the mention of a file. */
function blockFor(file: string): string {
  const [, after = ''] = readme.split(`\`${file}\``);
  const [, block = ''] = /```yaml\n([\s\S]*?)```/.exec(after) ?? [];
  return block.replaceAll(/^ {3}/gm, '');
}

describe('the README', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'readme-'));
    for (const part of ['sync.config.yaml', 'mappings'])
      cpSync(join(root, part), join(folder, part), { recursive: true });
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('shows an import that lint has nothing against', async () => {
    const files = ['mappings/tables/campaign.yaml', 'mappings/campaigns.yaml'];
    for (const file of files) writeFileSync(join(folder, file), blockFor(file));

    const { problems, project } = await lintProject({ file: join(folder, 'sync.config.yaml'), environment: {} });

    expect(problems).toEqual([]);
    expect(project?.mappings.map(({ name }) => name)).toContain('campaigns');
  });

  it('names the commands that a fresh machine needs', () => {
    expect(readme).toContain('npm ci && npx sluice demo');
    expect(readme).toContain('npm ci && npm test');
    expect(readFileSync(join(root, '.ci/run'), 'utf8')).toMatch(/^npm ci\nnpm test$/m);
  });
});
