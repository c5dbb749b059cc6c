import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const FOLDER = new URL('../../docs/decisions/', import.meta.url);

const pages = readdirSync(FOLDER)
  .filter((name) => name !== 'README.md')
  .toSorted();
const textOf = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');

describe('the pages of decisions', () => {
  it('are numbered one after another, on the page as in its name', () => {
    const numbers = pages.map((_page, index) => String(index + 1).padStart(4, '0'));

    expect(pages.map((page) => page.slice(0, 4))).toEqual(numbers);
    expect(pages.map((page) => textOf(page).slice(2, 6))).toEqual(numbers);
  });

  it('are all listed, in their order', () => {
    const listed = [...textOf('README.md').matchAll(/^\| \[\d{4}\]\((.+?)\)/gm)].map(([, page]) => page);

    expect(listed).toEqual(pages);
  });

  it('lead to files that are there', () => {
    const links = pages.flatMap((page) => [...textOf(page).matchAll(/\]\((\d{4}-[^)#]+)/g)].map(([, to]) => to));

    expect(links.filter((to) => to === undefined || !pages.includes(to))).toEqual([]);
  });
});
