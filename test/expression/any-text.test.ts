import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { compileExpression, type Expression } from '../../src/expression/expression.ts';
import { EXPRESSION_FUNCTIONS } from '../../src/expression/functions.ts';
import { ExpressionFailure, ExpressionProblem } from '../../src/expression/problem.ts';
import { record, SCOPE } from './record.ts';

const NAMES = [...Object.keys(SCOPE.columns).filter((name) => /^\w+$/.test(name)), 'today', 'source.Email', 'row.type'];

const literal = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }).map(String),
  fc.constantFrom('true', 'false', 'null', '1.5', '"2026-01-31"', '"a;b"', '""', '[]', 'r"^\\d"'),
);

/** Expressions that are nearly right: they reach past the reader, into types and evaluation. */
const { expression } = fc.letrec<{ expression: string; small: string }>((tie) => ({
  small: fc.oneof(fc.constantFrom(...NAMES), literal),
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('small'),
    fc
      .tuple(
        tie('expression'),
        fc.constantFrom('==', '!=', '<', '>=', '+', '-', '*', '/', '%', '&&', '||', 'in'),
        tie('expression'),
      )
      .map(([left, sign, right]) => `(${left} ${sign} ${right})`),
    fc
      .tuple(fc.constantFrom(...Object.keys(EXPRESSION_FUNCTIONS)), fc.array(tie('expression'), { maxLength: 3 }))
      .map(([name, args]) => `${name}(${args.join(', ')})`),
    fc.array(tie('expression'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc
      .tuple(tie('expression'), fc.constantFrom('exists', 'all', 'map', 'filter', 'exists_one'), tie('expression'))
      .map(([list, name, body]) => `${list}.${name}(item, ${body})`),
    fc
      .tuple(tie('expression'), tie('expression'), tie('expression'))
      .map(([test, yes, no]) => `(${test} ? ${yes} : ${no})`),
    tie('expression').map((of) => `!${of}`),
    tie('expression').map((of) => `-${of}`),
  ),
}));

const anyText = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  expression,
  fc.tuple(expression, fc.nat({ max: 60 }), fc.string({ maxLength: 4 })).map(([text, at, insert]) => {
    return text.slice(0, at) + insert + text.slice(at + 1);
  }),
  fc.constantFrom('!'.repeat(999), '-'.repeat(998) + 'grade', 'a.'.repeat(900), '['.repeat(1999), '"\\'.repeat(500)),
);

const anyValue = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.integer().map(String),
  fc.double().map(String),
  fc.constantFrom(
    '',
    'true',
    '2026-01-31',
    '2026-01-31T09:30:00.000Z',
    '9.0',
    '-0',
    'NaN',
    '1e999',
    '{}',
    '9'.repeat(40),
  ),
);

const anyRecord = fc.dictionary(fc.constantFrom(...Object.keys(SCOPE.columns), 'Email'), anyValue);

/** Compiled; null for a problem with a place in the text. Anything else that is thrown fails the test. */
function compiled(text: string): Expression | null {
  try {
    return compileExpression(text, SCOPE, 'value');
  } catch (error) {
    if (!(error instanceof ExpressionProblem) || error.message === '') throw error;
    const { offset, length } = error;
    if (offset >= 0 && length >= 0 && offset + length <= text.length) return null;
    throw new Error(`not in the text: ${offset} + ${length}`, { cause: error });
  }
}

const FAILED = Symbol('failed');

/** What comes out for a record. Anything thrown but a failure fails the test. */
function outcome(made: Expression, values: Readonly<Record<string, string>>): string | null | typeof FAILED {
  try {
    return made.evaluate(record(values));
  } catch (error) {
    if (error instanceof ExpressionFailure) return FAILED;
    throw error;
  }
}

const SHAPES: Readonly<Record<Expression['kind'], RegExp>> = {
  boolean: /^(true|false)$/,
  integer: /^-?\d+$/,
  number: /^-?\d+(\.\d+)?(e[+-]\d+)?$/,
  date: /^\d{4}-\d\d-\d\d$/,
  timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/,
  text: /^/,
  json: /^/,
  null: /^null$/,
};

describe('any text', () => {
  it('is refused with a place in it, or gives for any record what its kind says or a failure, and the same again', () => {
    let evaluated = 0;
    fc.assert(
      fc.property(anyText, fc.array(anyRecord, { maxLength: 3 }), (text, records) => {
        const made = compiled(text);
        if (made === null) return true;
        evaluated += 1;
        const outcomes = [{}, ...records].map((values) => outcome(made, values));
        const again = [{}, ...records].map((values) => outcome(made, values));
        return outcomes.every(
          (given, index) =>
            given === again[index] && (given === FAILED || given === null || SHAPES[made.kind].test(given)),
        );
      }),
      { numRuns: 4000 },
    );

    // Else the property would say nothing of evaluation.
    expect(evaluated).toBeGreaterThan(100);
  });
});
