import { characters } from './characters.ts';
import { type FunctionSpec, plain } from './function-spec.ts';
import { asList, asNumber, asText, type Value } from './kinds.ts';
import { compilePattern } from './pattern.ts';
import { ExpressionFailure } from './problem.ts';
import { isBlank } from './read-value.ts';
import { concatenate, joinTexts, replaceText, splitText } from './texts.ts';

const X = { name: 'x', accepts: ['text'] } as const;

const predicate = (
  part: string,
  run: (x: string, part: string) => boolean,
  words: Pick<FunctionSpec, 'what' | 'example'>,
): FunctionSpec => ({
  parameters: [X, { name: part, accepts: ['text'] }],
  result: 'boolean',
  nulls: 'given',
  make: plain((x, of) => run(asText(x ?? null), asText(of ?? null))),
  ...words,
});

const rewrite = (run: (x: string) => string, words: Pick<FunctionSpec, 'what' | 'example'>): FunctionSpec => ({
  parameters: [X],
  result: 'text',
  nulls: 'given',
  make: plain((x) => run(asText(x ?? null))),
  ...words,
});

export const TEXT_FUNCTIONS = {
  lower: rewrite((x) => x.toLowerCase(), {
    what: 'The text in small letters.',
    example: { expression: 'lower("Ada")', gives: 'ada' },
  }),
  upper: rewrite((x) => x.toUpperCase(), {
    what: 'The text in capital letters.',
    example: { expression: 'upper("Ada")', gives: 'ADA' },
  }),
  trim: rewrite((x) => x.trim(), {
    what: 'The text without white space around it.',
    example: { expression: 'trim("  Ada ")', gives: 'Ada' },
  }),
  length: {
    parameters: [{ name: 'x', accepts: 'anything' }],
    result: 'integer',
    nulls: 'given',
    what: 'How many characters a text has, or how many items a list.',
    example: { expression: 'length("Zoë")', gives: '3' },
    make: plain((x) => (Array.isArray(x) ? x.length : characters(textForm(x ?? null)))),
  },
  starts_with: predicate('start', (x, start) => x.startsWith(start), {
    what: 'Whether the text begins so; capital letters count.',
    example: { expression: 'starts_with("00Q8a", "00Q")', gives: 'true' },
  }),
  ends_with: predicate('end', (x, end) => x.endsWith(end), {
    what: 'Whether the text ends so; capital letters count.',
    example: { expression: 'ends_with("ada@school.example", ".example")', gives: 'true' },
  }),
  contains: predicate('part', (x, part) => x.includes(part), {
    what: 'Whether the part stands anywhere in the text; capital letters count.',
    example: { expression: 'contains(lower("Connector Session"), "connector")', gives: 'true' },
  }),
  matches: {
    parameters: [X, { name: 'pattern', accepts: ['text'], literal: true }],
    result: 'boolean',
    nulls: 'given',
    what: 'Whether the RE2 pattern is found anywhere in the text; ^ and $ hold it to the ends. Takes no longer for an evil text.',
    example: { expression: 'matches("K-12", r"^[A-Z]-\\d+$")', gives: 'true' },
    make: ([, pattern]) => {
      const test = compilePattern(asText(pattern ?? null));
      return (x) => test(asText(x ?? null));
    },
  },
  replace: {
    parameters: [X, { name: 'old', accepts: ['text'] }, { name: 'new', accepts: ['text'] }],
    result: 'text',
    nulls: 'given',
    what: 'The text with every `old` in it replaced by `new`.',
    example: { expression: 'replace("a;b;c", ";", ", ")', gives: 'a, b, c' },
    make: plain((x, old, by) => replaceText(asText(x ?? null), asText(old ?? null), asText(by ?? null))),
  },
  substring: {
    parameters: [X, { name: 'from', accepts: ['integer'] }, { name: 'count', accepts: ['integer'] }],
    optional: 1,
    result: 'text',
    nulls: 'given',
    what: 'Part of the text: from this character on (the first is 1), at most `count` of them.',
    example: { expression: 'substring("2026-27", 1, 4)', gives: '2026' },
    make: plain((x, from, count) => substring(asText(x ?? null), asNumber(from ?? null), count)),
  },
  split: {
    parameters: [X, { name: 'separator', accepts: ['text'] }],
    result: { list: 'text' },
    nulls: 'given',
    what: 'The parts of the text between the separators, as they stand, blank ones too.',
    example: { expression: 'nth(split("Reading;Maths", ";"), 2)', gives: 'Maths' },
    make: ([, separator]) => {
      if (separator === '') throw new ExpressionFailure('split: a separator has at least one character');
      return (x, by) => splitText(asText(x ?? null), asText(by ?? null));
    },
  },
  join: {
    parameters: [
      { name: 'parts', accepts: 'texts' },
      { name: 'separator', accepts: ['text'] },
    ],
    result: 'text',
    nulls: 'given',
    what: 'The parts as one text, blank ones left out; null when nothing is left.',
    example: { expression: 'join(["Ada", null, "Lovelace"], " ")', gives: 'Ada Lovelace' },
    make: plain((parts, separator) => joinTexts(asList(parts ?? null), asText(separator ?? null))),
  },
  concat: {
    parameters: [{ name: 'x', accepts: 'written' }],
    repeats: true,
    result: 'text',
    nulls: 'taken',
    what: 'All values as one text; null counts as empty.',
    example: { expression: 'concat("Grade ", 7, null)', gives: 'Grade 7' },
    make: plain((...parts) => concatenate(parts)),
  },
  label: {
    parameters: [
      { name: 'prefix', accepts: ['text'] },
      { name: 'x', accepts: 'written' },
    ],
    result: 'text',
    nulls: 'taken',
    what: 'The prefix and the value; null when the value is blank. For lines such as `From: ...`.',
    example: { expression: 'label("From: ", "ada@school.example")', gives: 'From: ada@school.example' },
    make: plain((prefix, x) => (isBlank(x ?? null) ? null : concatenate([prefix ?? null, x ?? null]))),
  },
} as const satisfies Readonly<Record<string, FunctionSpec>>;

function textForm(value: Value): string {
  return typeof value === 'string' ? value : String(value);
}

function substring(text: string, from: number, count: Value | undefined): string {
  if (typeof count === 'number' && count < 0) throw new ExpressionFailure('substring: a count is at least 0');
  const all = Array.from(text);
  const end = typeof count === 'number' ? from - 1 + count : all.length;
  return all.slice(Math.max(0, from - 1), Math.max(0, end)).join('');
}
