import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '../..');

const PAGES = ['*.md', 'docs/**/*.md', 'bench/**/*.md'];

function linksIn(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8').replaceAll(/```[\s\S]*?```/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '').filter((link) => !/^https?:/.test(link));
}

/** The anchor that a heading gets on the web. */
function anchorsIn(file: string): string[] {
  const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm);
  return [...headings].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('the documentation', () => {
  it('links only to files and headings that exist', () => {
    const broken = globSync(PAGES, { cwd: root }).flatMap((file) =>
      linksIn(file)
        .filter((link) => {
          const [path = '', anchor] = link.split('#');
          const target = path === '' ? join(root, file) : resolve(root, dirname(file), path);
          if (!existsSync(target)) return true;
          return anchor !== undefined && !anchorsIn(target).includes(anchor);
        })
        .map((link) => `${file}: ${link}`),
    );

    expect(broken).toEqual([]);
  });

  it('has a line in the list for every decision', () => {
    const listed = linksIn('docs/decisions/README.md').map((link) => `docs/decisions/${link}`);
    const pages = globSync('docs/decisions/*.md', { cwd: root }).filter((file) => !file.endsWith('README.md'));

    expect(listed.toSorted()).toEqual(pages.toSorted());
  });
});
