import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { format } from 'prettier';
import { parse } from 'yaml';
import { type Attribute, commentLines, entryLines } from '../../src/draft/entry-lines.ts';

describe('a text in YAML', () => {
  it.each([
    ['plain words', 'plain words'],
    ['Non-binary', 'Non-binary'],
    ['a: b', "'a: b'"],
    ["it's", "it's"],
    ["it's: so", `"it's: so"`],
    ['say "yes": no', `'say "yes": no'`],
    ['no', "'no'"],
    ['Null', "'Null'"],
    ['9', "'9'"],
    ['2024-2025', "'2024-2025'"],
    ['# no comment', "'# no comment'"],
    ['', "''"],
    ['two  spaces', 'two  spaces'],
    ['two\nlines', String.raw`"two\nlines"`],
  ])('%s is written as %s', (text, written) => {
    expect(entryLines('key', text, '')).toEqual([`key: ${written}`]);
  });

  it('is read back as it was, as value and as key, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const lines = [
          ...entryLines('plain', text, ''),
          ...entryLines('flow', { a: [text] }, ''),
          ...entryLines(`key ${text}`, 'x', ''),
        ];

        expect(parse(lines.join('\n'))).toEqual({ plain: text, flow: { a: [text] }, [`key ${text}`]: 'x' });
      }),
    );
  });

  it('is left alone by Prettier, so that a new import passes the checks of this repository', async () => {
    const samples: Record<string, Attribute> = {
      a: { type: 'numeric(10,2)', description: "What's left: a sum" },
      b: 'one, two',
      c: { description: 'long '.repeat(40), other: ['x', 'y'], flag: true },
      d: '"quoted" and \'quoted\'',
      e: 'back\\slash',
    };
    const text = `${Object.entries(samples)
      .flatMap(([key, value]) => entryLines(key, value, ''))
      .join('\n')}\n`;

    expect(await format(text, { parser: 'yaml', printWidth: 120, singleQuote: true })).toBe(text);
    expect(parse(text)).toMatchObject({ b: 'one, two', e: 'back\\slash' });
  });
});

describe('a long remark', () => {
  it('goes over several lines within the width', () => {
    const lines = commentLines('word '.repeat(60).trim(), '      ');

    expect(lines.length).toBeGreaterThan(1);
    expect(lines.every((line) => line.length <= 120 && line.startsWith('      # '))).toBe(true);
  });
});
