import { describe, expect, it } from '@jest/globals';
import { parseYaml } from '../../src/config/parse-yaml.ts';

function told(text: string): string[] {
  const problems: string[] = [];
  parseYaml(text, 'a.yaml', {
    report: (rule, { line, column }, message, suggestion = null) => {
      problems.push(`${String(line)}:${String(column)} ${rule}: ${message} ${suggestion ?? ''}`.trim());
    },
  });
  return problems;
}

describe('text that is no YAML', () => {
  const INDENT =
    'The indentation does not fit the lines around it. ' +
    'Lines that belong together start at the same column. Or a bracket above is still open.';
  const COLON = 'A `: ` is missing after the key. Write `key: value`, with a space after the colon.';

  it.each([
    [
      'a tab',
      'a:\n\tb: 1\n',
      '2:1',
      'A tab stands at the beginning of the line. Indent with spaces, two for each step.',
    ],
    ['a bracket that stays open', 'a: { b: 1\nc: 2\n', '2:1', INDENT],
    ['a line that stands between two steps', 'a:\n    b: 1\n   c: 2\n', '3:1', INDENT],
    ['a key without a colon', 'a: 1\nb\n', '2:1', COLON],
    ['a colon without a space', 'a:1\nb: 2\n', '1:1', COLON],
    [
      'a quote that stays open',
      "a: { b: 'x }\nc: { d: 'y' }\n",
      '1:13',
      'A quote that opens here or above is not closed. Close it at the end of its text.',
    ],
    [
      'a quote within quotes',
      "a: 'it's'\n",
      '1:8',
      'Something follows where the value has ended. ' +
        'Put the whole value in quotes; inside single quotes, write a single quote twice.',
    ],
    [
      'a colon within a text',
      'a: all: of them\n',
      '1:4',
      'A `: ` stands where a text goes on, or the line below is indented too far. Put a text that holds `: ` in quotes.',
    ],
    [
      'a comma that is missing',
      'a: { b: 1 c: 2 }\n',
      '1:9',
      'A comma is missing, or a bracket above is still open. Within { } and [ ], write a comma between the entries.',
    ],
    [
      'a sign that YAML keeps for itself',
      'a: @all\n',
      '1:4',
      'A text cannot begin with this sign. Put the value in quotes.',
    ],
    ['a tag', 'a: !x 1\n', '1:4', 'Tags that begin with ! are not known here. Put the value in quotes.'],
    [
      'a backslash in double quotes',
      'a: "\\d"\n',
      '1:5',
      'A backslash in double quotes begins a sign of its own. Use single quotes.',
    ],
  ])('says what to do about %s', (_what, text, place, said) => {
    expect(told(text)).toEqual([`${place} yaml-syntax: ${said}`]);
  });

  it('refuses a second document, which would be left out in silence', () => {
    expect(told('a: 1\n---\nb: 2\n')).toEqual([
      '2:1 yaml-syntax: A second document begins here; a file holds one. Give it a file of its own.',
    ]);
  });

  it('tells of what stands before the break, and of nothing behind it', () => {
    expect(told('a: 1\na: 2\nb:\n\tc: 1\n  d: 1\n\te: 1\nb: 1\n')).toEqual([
      expect.stringContaining('2:1 duplicate-key'),
      expect.stringContaining('4:1 yaml-syntax'),
    ]);
  });
});
