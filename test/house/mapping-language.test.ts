import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { isRecord } from '../../src/config/is-record.ts';
import { loadProject } from '../../src/config/load-project.ts';
import { projectFolder } from '../support/project-folder.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/mapping-language.md'), 'utf8');

interface Example {
  readonly heading: string;
  readonly text: string;
}

/** The YAML of the page, each under the heading that it stands under. */
function examples(): readonly Example[] {
  return page.split(/^## /mu).flatMap((part) => {
    const heading = part.split('\n', 1)[0] ?? '';
    return Array.from(part.matchAll(/```yaml\n([\s\S]*?)```/gu), ([, text = '']) => ({ heading, text }));
  });
}

function files(folder: string): Record<string, string> {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith('.yaml'));
  return Object.fromEntries(names.map((name) => [`${folder}/${name}`, readFileSync(join(root, folder, name), 'utf8')]));
}

function mapOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/** The example as a whole mapping: what it leaves out is as in the repository's mapping of the same table. */
function completed(text: string, mappings: Readonly<Record<string, string>>): string {
  const example = mapOf(parse(text));
  const tables = mapOf(example['tables']);
  const [name = '', written] = Object.entries(tables).find(([, table]) => mapOf(table)['parent'] === undefined) ?? [];
  const own = mapOf(written);
  const base = Object.values(mappings)
    .map((mapping) => mapOf(mapOf(mapOf(parse(mapping))['tables'])[name]))
    .find((table) => table['key'] !== undefined);
  const key = own['key'] ?? base?.['key'];
  const columns = { ...mapOf(own['columns']) };
  for (const column of [key].flat().map(String)) columns[column] ??= 'Id';
  const source = example['sources'] === undefined ? { source: example['source'] ?? { object: 'Thing__c' } } : {};
  return stringify({
    version: 1,
    mapping: 'example',
    phases: { activity: null },
    ...source,
    ...example,
    tables: { ...tables, [name]: { ...own, key, columns } },
  });
}

describe('the page on the mapping language', () => {
  const all = examples();
  const tables = { ...files('mappings/tables'), ...files('mappings/maps') };
  const mappings = files('mappings');
  const config = readFileSync(join(root, 'sync.config.yaml'), 'utf8').replace(/^plugins: .*$/mu, 'plugins: [./x.ts]');

  it.each(all)('shows what can be read, under $heading', async ({ text }) => {
    const example = { 'mappings/example.yaml': completed(text, mappings) };
    const file = projectFolder({ 'sync.config.yaml': config, ...tables, ...mappings, ...example });

    const { problems } = await loadProject({ file, environment: {} });

    expect(problems).toEqual([]);
  });
});
