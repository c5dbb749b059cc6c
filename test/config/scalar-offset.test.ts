import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { problemList } from '../../src/config/rules.ts';
import { parseYaml } from '../../src/config/parse-yaml.ts';

const TYPES = ['PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const;

describe('a place inside a text', () => {
  it.each([
    ['plain', 'q: SELECT Id\n   FROM X', 1],
    ['in quotes', 'q: "SELECT Id FROM X"', 1],
    ['in single quotes', "q: 'SELECT ''Id'' FROM X'", 1],
    ['a block', 'q: |\n  SELECT Id\n    FROM X\n', 1],
    ['a folded block', 'q: >-\n  SELECT Id\n\n  FROM X\n', 1],
    ['a block with a comment in its head', 'q: |- # the query\n  SELECT Id\n  FROM X', 1],
  ])('is found in the file when the text is %s', (_how, text) => {
    const sink = problemList();
    const { yaml } = parseYaml(text, 'a.yaml', sink);
    const value = (yaml.value as { q: string }).q;

    const { line, column } = yaml.inText(['q'], value.indexOf('FROM'));

    const lines = text.split('\n');
    expect(lines[line - 1]?.slice(column - 1)).toMatch(/^FROM X/);
    expect(sink.problems).toEqual([]);
  });

  it('is where the same character stands, for every way to write any words', () => {
    const words = fc.array(fc.stringMatching(/^[A-Za-z0-9_'"(),.=*-]{1,8}$/), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(words, fc.constantFrom(...TYPES), fc.nat(), (parts, type, seed) => {
        const value = parts.join(' ');
        const text = stringify({ a: { q: value } }, { defaultStringType: type, lineWidth: 40 });
        const { yaml } = parseYaml(text, 'a.yaml', problemList());
        const offsets = Array.from(value.matchAll(/[A-Za-z0-9]/g), ({ index }) => index);
        const offset = offsets[seed % Math.max(1, offsets.length)];
        if (offset === undefined) return;

        const { line, column } = yaml.inText(['a', 'q'], offset);

        expect(text.split('\n')[line - 1]?.charAt(column - 1)).toBe(value.charAt(offset));
      }),
    );
  });
});
