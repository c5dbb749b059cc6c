import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { loadFiles } from '../support/plugins.ts';

const page = readFileSync(new URL('../../docs/plugins.md', import.meta.url), 'utf8');

/** The plugins that the page shows, by the path in their first line. */
function shown(): Record<string, string> {
  const blocks = [...page.matchAll(/```(?:ts|js)\n\/\/ (plugins\/\S+)\n([\s\S]*?)```/g)];
  return Object.fromEntries(blocks.map(([, file = '', text = '']) => [file, text]));
}

describe('the page about plugins', () => {
  it('shows plugins that load as they stand', async () => {
    const { problems, catalogue } = await loadFiles(shown());

    expect(problems).toEqual([]);
    expect(catalogue.all.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'transform village.house_number',
      'check plain.sentence',
      'resolver owners.owner_name',
      'hook counting.count_students',
    ]);
    expect(catalogue.find('village.house_number')?.argumentProblems({ digits: 0 })).toHaveLength(1);
  });

  it('shows functions that do what they say', async () => {
    const { plugins } = await loadFiles(shown());
    const run = (name: string) =>
      plugins.flatMap(({ functions }) => functions).find(({ spec }) => spec.name === name)?.run;

    expect(run('village.house_number')?.('Main St 7', { digits: 3 })).toBe('007');
    expect(run('village.house_number')?.(null, { digits: 3 })).toBeNull();
    expect(run('plain.sentence')?.('It is.', {})).toBe(true);
    expect(run('plain.sentence')?.('it is', {})).toBe('is no sentence');
  });
});
