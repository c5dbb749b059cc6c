import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TRANSFORM_NAMES } from '../../src/config/transform-names.ts';
import { TRANSFORMS } from '../../src/transform/transforms.ts';

const ARGUMENTS: Readonly<Record<string, Record<string, unknown>>> = {
  truncate: { length: 5 },
  replace: { from: 'a', to: '' },
  default: { value: 'none' },
  null_if: { values: ['n/a'] },
  split_first: { separator: ';' },
};

function apply(name: string, value: string | null, args = ARGUMENTS[name] ?? {}): string | null {
  const factory = TRANSFORMS[name];
  if (factory === undefined) throw new Error(`no transform ${name}`);
  return factory(args)(value, () => undefined);
}

describe('built-in transforms', () => {
  it('are those that the configuration knows', () => {
    expect(Object.keys(TRANSFORMS).toSorted()).toEqual(Object.keys(TRANSFORM_NAMES).toSorted());
  });

  it.each([
    ['trim', '  Ada ', 'Ada'],
    ['trim', '   ', null],
    ['lower', 'ADA@Example.ORG', 'ada@example.org'],
    ['upper', 'straße', 'STRASSE'],
    ['title_case', "O'BRIEN-MCDONALD", "O'Brien-McDonald"],
    ['title_case', 'MACY MAC', 'MacY Mac'],
    ['title_case', 'van Dyke', 'van Dyke'],
    ['title_case', 'JOSÉ ÁLVAREZ', 'José Álvarez'],
    ['collapse_spaces', ' a\n\t b ', 'a b'],
    ['truncate', 'abcdefg', 'abcde'],
    ['truncate', '👩👩👩👩👩👩', '👩👩👩👩👩'],
    ['strip_html', '<p>Hi <b>there</b></p>', 'Hi there'],
    ['digits', '(816) 555-01', '81655501'],
    ['integer', '9.7', '9'],
    ['integer', 'nine', 'nine'],
    ['grade', 'K', '0'],
    ['grade', '9.0', '9'],
    ['grade', 'PK', 'PK'],
    ['boolean', 'Yes', 'true'],
    ['boolean', 'false', 'false'],
    ['date', '2024-05-06T07:08:09.000Z', '2024-05-06'],
    ['date', '06/05/2024', '06/05/2024'],
    ['salesforce_id', '001A0000006Vm9r', '001A0000006Vm9rIAC'],
    ['salesforce_id', 'VRT-12', 'VRT-12'],
    ['replace', 'banana', 'bnn'],
    ['default', null, 'none'],
    ['null_if', 'n/a', null],
    ['split_first', 'a;b', 'a'],
  ])('%s: %j becomes %j', (name, value, expected) => {
    expect(apply(name, value)).toBe(expected);
  });

  it('count a text that was shortened', () => {
    const warnings: string[] = [];

    TRANSFORMS['truncate']?.({ length: 2 })('abc', (code) => warnings.push(code));
    TRANSFORMS['truncate']?.({ length: 3 })('abc', (code) => warnings.push(code));

    expect(warnings).toEqual(['VALUE_TOO_LONG']);
  });

  it.each(Object.keys(TRANSFORMS))('%s never throws, and keeps unicode whole', (name) => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const result = apply(name, value);

        expect(result === null || result.isWellFormed()).toBe(true);
      }),
    );
  });

  it.each(['trim', 'lower', 'collapse_spaces', 'truncate', 'digits', 'integer', 'boolean', 'date', 'salesforce_id'])(
    '%s changes nothing the second time',
    (name) => {
      fc.assert(
        fc.property(fc.string({ unit: 'grapheme' }), (value) => {
          const once = apply(name, value);

          expect(apply(name, once)).toBe(once);
        }),
      );
    },
  );
});
