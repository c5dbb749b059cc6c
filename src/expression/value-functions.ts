import { type Accepts, type FunctionSpec, plain } from './function-spec.ts';
import { asNumber, asText, type Value } from './kinds.ts';
import { roundTo, tidy } from './numbers.ts';
import { ExpressionFailure } from './problem.ts';
import { isBlank, READ_TEXT } from './read-value.ts';

type Readable = 'integer' | 'number' | 'boolean' | 'date' | 'timestamp';

/** From text, or from a near kind, to a value of another kind. */
const reader = (kind: Readable, accepts: Accepts, words: Pick<FunctionSpec, 'what' | 'example'>): FunctionSpec => ({
  parameters: [{ name: 'x', accepts }],
  result: kind,
  nulls: 'given',
  make: plain((x) => readValue(kind, x ?? null)),
  ...words,
});

const extreme = (
  better: (a: Value, b: Value) => boolean,
  words: Pick<FunctionSpec, 'what' | 'example'>,
): FunctionSpec => ({
  parameters: [
    { name: 'a', accepts: ORDERED },
    { name: 'b', accepts: ORDERED },
  ],
  repeats: true,
  result: 'same',
  nulls: 'taken',
  make: plain((...values) => extremeOf(values, better)),
  ...words,
});

const rounding = (run: (x: number) => number, words: Pick<FunctionSpec, 'what' | 'example'>): FunctionSpec => ({
  parameters: [{ name: 'x', accepts: ['number'] }],
  result: 'integer',
  nulls: 'given',
  make: plain((x) => run(asNumber(x ?? null))),
  ...words,
});

const ORDERED = ['number', 'text', 'date', 'timestamp'] as const;

export const VALUE_FUNCTIONS = {
  blank: {
    parameters: [{ name: 'x', accepts: 'anything' }],
    result: 'boolean',
    nulls: 'taken',
    what: 'Whether there is nothing: null, white space only, a list without items. Never null itself.',
    example: { expression: 'blank("  ")', gives: 'true' },
    make: plain((x) => isBlank(x ?? null)),
  },
  coalesce: {
    parameters: [{ name: 'x', accepts: 'anything' }],
    repeats: true,
    result: 'same',
    nulls: 'taken',
    what: 'The first that is not null.',
    example: { expression: 'coalesce(null, 7)', gives: '7' },
    make: plain((...values) => values.find((value) => value !== null) ?? null),
  },
  min: extreme((a, b) => lessThan(a, b), {
    what: 'The least; null ones are passed over.',
    example: { expression: 'min(3, null, 1.5)', gives: '1.5' },
  }),
  max: extreme((a, b) => lessThan(b, a), {
    what: 'The greatest, for dates the latest; null ones are passed over.',
    example: { expression: 'max(date("2026-01-31"), date("2025-12-24"))', gives: '2026-01-31' },
  }),
  round: rounding((x) => roundTo(x, 0), {
    what: 'The nearest whole number; halves go away from zero.',
    example: { expression: 'round(2.5)', gives: '3' },
  }),
  round_to: {
    parameters: [
      { name: 'x', accepts: ['number'] },
      { name: 'places', accepts: ['integer'] },
    ],
    result: 'number',
    nulls: 'given',
    what: 'The number rounded to so many places after the point; halves go away from zero.',
    example: { expression: 'round_to(1.005, 2)', gives: '1.01' },
    make: plain((x, places) => roundTo(asNumber(x ?? null), asNumber(places ?? null))),
  },
  floor: rounding((x) => tidy(Math.floor(x)), {
    what: 'The next whole number below.',
    example: { expression: 'floor(2.9)', gives: '2' },
  }),
  ceil: rounding((x) => tidy(Math.ceil(x)), {
    what: 'The next whole number above.',
    example: { expression: 'ceil(2.1)', gives: '3' },
  }),
  text: {
    parameters: [{ name: 'x', accepts: 'written' }],
    result: 'text',
    nulls: 'given',
    what: 'The value as text.',
    example: { expression: 'text(1.50)', gives: '1.5' },
    make: plain((x) => x ?? null),
  },
  integer: reader('integer', ['text', 'number'], {
    what: 'The whole number that the text writes; `9.0` is nine. A record with another text fails.',
    example: { expression: 'integer("9.0")', gives: '9' },
  }),
  number: reader('number', ['text', 'number'], {
    what: 'The number that the text writes. A record with another text fails.',
    example: { expression: 'number("2.50") * 2', gives: '5' },
  }),
  boolean: reader('boolean', ['text', 'boolean'], {
    what: 'True for true, t, yes, y, on, 1; false for false, f, no, n, off, 0; in any case. A record with another text fails.',
    example: { expression: 'boolean("Yes")', gives: 'true' },
  }),
  date: reader('date', ['text', 'date', 'timestamp'], {
    what: 'The date that `2026-01-31` writes, also as the first part of a timestamp. A record with another text fails.',
    example: { expression: 'date("2026-01-31") < date("2026-02-01")', gives: 'true' },
  }),
  timestamp: reader('timestamp', ['text', 'date', 'timestamp'], {
    what: 'The instant that `2026-01-31T09:30:00Z` writes; UTC without an offset, midnight without a time. A record with another text fails.',
    example: { expression: 'timestamp("2026-01-31T09:30:00-06:00")', gives: '2026-01-31T15:30:00Z' },
  }),
} as const satisfies Readonly<Record<string, FunctionSpec>>;

function readValue(kind: Readable, x: Value): Value {
  const read = typeof x === 'string' ? READ_TEXT[kind](x.trim()) : numberAs(kind, x);
  if (read === undefined) throw new ExpressionFailure(`${kind}: the value cannot be read as ${NAMES[kind]}`);
  return read;
}

const NAMES = {
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  date: 'a date',
  timestamp: 'a timestamp',
} as const satisfies Readonly<Record<Readable, string>>;

function numberAs(kind: Readable, x: Value): Value | undefined {
  return kind === 'integer' && !Number.isInteger(x) ? undefined : x;
}

function lessThan(a: Value, b: Value): boolean {
  return typeof a === 'number' ? a < asNumber(b) : asText(a) < asText(b);
}

function extremeOf(values: readonly Value[], better: (a: Value, b: Value) => boolean): Value {
  let best: Value = null;
  for (const value of values) if (value !== null && (best === null || better(value, best))) best = value;
  return best;
}
