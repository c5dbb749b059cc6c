import { describe, expect, it } from '@jest/globals';
import { EXPRESSION_FUNCTIONS } from '../../src/expression/functions.ts';
import { gives, says } from './record.ts';

describe('every function', () => {
  it.each(Object.entries(EXPRESSION_FUNCTIONS))('%s gives what its example says', (name, { example, signature }) => {
    expect(example.expression).toContain(`${name}(`);
    expect(signature).toMatch(new RegExp(`^${name}\\(.*\\) -> .+$`));
    expect(gives(example.expression)).toBe(example.gives);
  });
});

describe('functions of text', () => {
  it('count characters as the database does, not the halves of one', () => {
    expect(gives('length("𝒜da")')).toBe('3');
    expect(gives('substring("𝒜da", 1, 1)')).toBe('𝒜');
  });

  it.each([
    ['substring("abc", 2)', 'bc'],
    ['substring("abc", 2, 1)', 'b'],
    ['substring("abc", 0, 2)', 'a'],
    ['substring("abc", -5, 2)', ''],
    ['substring("abc", 9)', ''],
    ['replace("a.b.c", ".", "$&")', 'a$&b$&c'],
    ['nth(split("a,b", ","), 3)', null],
    ['nth(split("a,b", ","), 0)', null],
    ['nth(split("a,b", ","), -2)', 'a'],
    ['first([null, 1])', null],
    ['join(["a", "", " ", null], "-")', 'a'],
    ['join(["", null], "-")', null],
    ['label("From: ", null)', null],
    ['label("From: ", "  ")', null],
    ['label("Hours: ", 2.50)', 'Hours: 2.5'],
    ['join([label("From: ", null), label("To: ", "bo")], r"\\n")', 'To: bo'],
    ['concat(1, true, date("2026-01-02"), timestamp("2026-01-02"))', '1true2026-01-022026-01-02T00:00:00Z'],
    ['concat(null)', ''],
    ['text(null)', null],
    ['coalesce(null, null)', null],
    ['text(0.0000001)', '1e-7'],
  ])('%s', (text, expected) => {
    expect(gives(text)).toBe(expected);
  });

  it('fail a record whose separator or count will never do', () => {
    expect(() => gives('first(split(name, substring(type, 9)))', { name: 'a', type: 'b' })).toThrow(
      'at least one character',
    );
    expect(() => gives('replace(name, substring(type, 9), "x")', { name: 'a', type: 'b' })).toThrow('at least one');
    expect(() => gives('substring(name, 1, grade)', { name: 'a', grade: '-1' })).toThrow('a count is at least 0');
    expect(() => gives('round_to(hours, grade)', { hours: '1', grade: '99' })).toThrow('from -15 to 15');
    expect(() => gives('integer(hours)', { hours: '1.5' })).toThrow('cannot be read as a whole number');
  });
});

describe('matches', () => {
  it('finds the pattern anywhere unless it is held to the ends', () => {
    expect(says('matches("Grade 7", r"\\d")')).toBe(true);
    expect(says('matches("Grade 7", r"^\\d+$")')).toBe(false);
    expect(says('matches("GRADE", "(?i)grade")')).toBe(true);
    expect(says('matches(name, "x")')).toBeNull();
  });

  it('takes a pattern that would keep other matchers busy for years', () => {
    expect(says('matches(name, "^(a+)+$")', { name: `${'a'.repeat(50_000)}!` })).toBe(false);
    expect(says('matches(name, "^(a|a)*(a|a)*(a|a)*$")', { name: `${'a'.repeat(50_000)}!` })).toBe(false);
  });
});

describe('reading a text as another kind', () => {
  it.each([
    ['boolean(" YES ")', 'true'],
    ['boolean("0")', 'false'],
    ['integer(" 12 ")', '12'],
    ['integer(7.0)', '7'],
    ['number("1e3")', '1000'],
    ['number(".5")', '0.5'],
    ['date(" 2026-01-31T09:30:00Z ")', '2026-01-31'],
    ['date(timestamp("2026-01-31T23:30:00-06:00"))', '2026-02-01'],
    ['timestamp(date("2026-01-31"))', '2026-01-31T00:00:00Z'],
    ['timestamp("2026-01-31 09:30")', '2026-01-31T09:30:00Z'],
  ])('%s', (text, expected) => {
    expect(gives(text)).toBe(expected);
  });

  it.each([
    'integer("1.5")',
    'integer("")',
    'number("1,5")',
    'number("0x10")',
    'boolean("maybe")',
    'timestamp("2026-01-31T25:00:00Z")',
    'timestamp("2026-01-31T09:30:00+99:00")',
    'date("2026-01-31x")',
  ])('%s is refused', (text) => {
    expect(() => gives(text)).toThrow('cannot be read as');
  });
});
