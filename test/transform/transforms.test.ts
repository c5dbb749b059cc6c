import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TRANSFORM_NAMES, type TransformSpec } from '../../src/config/transform-names.ts';
import { TRANSFORMS } from '../../src/transform/transforms.ts';

const ARGUMENTS: Readonly<Record<string, Record<string, unknown>>> = {
  strip: { characters: '"\'' },
  truncate: { length: 5 },
  prefix: { text: 'No. ' },
  suffix: { text: '!' },
  only_prefix: { prefix: '003' },
  replace: { from: 'a', to: '' },
  replace_start: { from: 'PWY-', to: 'Pathway: ' },
  split_first: { separator: ';' },
  split_part: { separator: ',', part: 2 },
  drop_parts: { separator: ',', count: 2, from_end: true },
  clamp: { min: 0, max: 100 },
  default: { value: 'none' },
  null_if: { values: ['n/a'] },
};

const SPECS: readonly (readonly [string, TransformSpec])[] = Object.entries(TRANSFORM_NAMES);

function apply(name: string, value: string | null, args = ARGUMENTS[name] ?? {}): string | null {
  const factory = TRANSFORMS[name];
  if (factory === undefined) throw new Error(`no transform ${name}`);
  return factory(args)(value, () => undefined);
}

/** Texts as people and programs write them: names, numbers, HTML, lists, and anything at all. */
const TEXTS = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
  fc.double({ noNaN: true }).map(String),
  fc
    .array(
      fc.constantFrom(
        '<p>',
        '</p>',
        '<',
        '>',
        '&amp;',
        '&#38;',
        '&',
        ';',
        ',',
        ' ',
        '"',
        "'",
        'Mac',
        'ẞ',
        'ǆ',
        'İ',
        '003',
      ),
    )
    .map((parts) => parts.join('')),
);

describe('built-in transforms', () => {
  it('are those that the configuration knows', () => {
    expect(Object.keys(TRANSFORMS).toSorted()).toEqual(Object.keys(TRANSFORM_NAMES).toSorted());
  });

  it.each(Object.keys(TRANSFORMS).filter((name) => name !== 'default'))('%s leaves null alone', (name) => {
    expect(apply(name, null)).toBeNull();
  });

  it.each([
    ['trim', '  Ada ', 'Ada'],
    ['trim', '   ', null],
    ['collapse_spaces', ' a\n\t b ', 'a b'],
    ['lower', 'ADA@Example.ORG', 'ada@example.org'],
    ['upper', 'straße', 'STRASSE'],
    ['capitalize', 'pUBLIC speaking', 'Public speaking'],
    ['capitalize', 'éCOLE', 'École'],
    ['capitalize', 'ßa', 'Ssa'],
    ['title_case', "O'BRIEN-MCDONALD", "O'Brien-McDonald"],
    ['title_case', 'O’NEIL', 'O’Neil'],
    ['title_case', 'MACY MAC', 'MacY Mac'],
    ['title_case', 'van Dyke', 'van Dyke'],
    ['title_case', 'JOSÉ ÁLVAREZ', 'José Álvarez'],
    ['title_case', 'DE LA CRUZ', 'De La Cruz'],
    ['strip', '"Coding"', 'Coding'],
    ['strip', '""', null],
    ['strip', 'say "hi" now', 'say "hi" now'],
    ['truncate', 'abcdefg', 'abcde'],
    ['truncate', '👩👩👩👩👩👩', '👩👩👩👩👩'],
    ['prefix', '5', 'No. 5'],
    ['suffix', 'Hello', 'Hello!'],
    ['only_prefix', '003A0000006Vm9r', '003A0000006Vm9r'],
    ['only_prefix', '00QA0000006Vm9r', null],
    ['replace', 'banana', 'bnn'],
    ['replace', 'aaa', null],
    ['replace_start', 'PWY-Health', 'Pathway: Health'],
    ['replace_start', 'Health PWY-1', 'Health PWY-1'],
    ['split_first', 'a;b', 'a'],
    ['split_part', '12 Elm St, Springfield, MO', 'Springfield'],
    ['split_part', '12 Elm St', null],
    ['drop_parts', '12 Elm St, Suite 4, Springfield, MO 64101', '12 Elm St, Suite 4'],
    ['drop_parts', 'MO 64101', null],
    ['digits', '(816) 555-01', '81655501'],
    ['strip_html', '<p>Hi <b>there</b></p>', 'Hi there'],
    ['strip_html', 'Fish &amp; chips', 'Fish &amp; chips'],
    ['decode_html', 'Fish &amp; chips &eacute;&#233;&#xE9; &Eacute;', 'Fish & chips ééé É'],
    ['decode_html', 'AT&T &nosuch; &#0; &#xD800;', 'AT&T &nosuch; &#0; &#xD800;'],
    ['html_to_text', '<style>p{}</style><p>One</p><p>Two &amp; <b>th</b>ree&nbsp;</p>', 'One Two & three'],
    ['html_to_text', '<!-- note --><br>', null],
    ['first_link', '<a class="x" HREF="https://example.org/?a=1&amp;b=2">Register</a>', 'https://example.org/?a=1&b=2'],
    ['first_link', "<a href='https://example.org/x'>", 'https://example.org/x'],
    ['first_link', ' https://example.org ', 'https://example.org'],
    ['integer', '9.7', '9'],
    ['integer', '-0.4', '0'],
    ['integer', 'nine', 'nine'],
    ['grade', 'K', '0'],
    ['grade', 'Kindergarten', '0'],
    ['grade', '9.0', '9'],
    ['grade', 'PK', 'PK'],
    ['clamp', '-3', '0'],
    ['clamp', '7.5', '7.5'],
    ['clamp', '1000', '100'],
    ['clamp', 'many', 'many'],
    ['positive', '1.5', '1.5'],
    ['positive', '0', null],
    ['positive', '-2', null],
    ['positive', 'some', 'some'],
    ['boolean', 'Yes', 'true'],
    ['boolean', 'false', 'false'],
    ['date', '2024-05-06T07:08:09.000Z', '2024-05-06'],
    ['date', '2024-05-06 07:08', '2024-05-06'],
    ['date', '06/05/2024', '06/05/2024'],
    ['datetime', ' 2025-03-05T14:15:00.000+0000 ', '2025-03-05T14:15:00.000+0000'],
    ['salesforce_id', '001A0000006Vm9r', '001A0000006Vm9rIAC'],
    ['salesforce_id', 'VRT-12', 'VRT-12'],
    ['default', null, 'none'],
    ['null_if', 'n/a', null],
  ])('%s: %j becomes %j', (name, value, expected) => {
    expect(apply(name, value)).toBe(expected);
  });

  it.each([
    ['split_part', { separator: ',', part: 1, from_end: true }, '12 Elm St, Springfield, MO 64101', 'MO 64101'],
    ['split_part', { separator: ' ', part: 2, from_end: true }, 'MO 64101', 'MO'],
    ['drop_parts', { separator: ' ', count: 1 }, 'Dr. Ada Okafor', 'Ada Okafor'],
    ['grade', { pk: -1 }, 'Pre-K', '-1'],
    ['grade', { pk: -1 }, 'PK', '-1'],
    ['clamp', { min: 0 }, '1000', '1000'],
    ['default', { value: '' }, null, ''],
    ['default', { value: 0 }, null, '0'],
    ['null_if', { values: 0 }, '0', null],
  ])('%s with %j: %j becomes %j', (name, args, value, expected) => {
    expect(apply(name, value, args)).toBe(expected);
  });

  it('count a text that was shortened', () => {
    const warnings: string[] = [];

    TRANSFORMS['truncate']?.({ length: 2 })('abc', (code) => warnings.push(code));
    TRANSFORMS['truncate']?.({ length: 3 })('abc', (code) => warnings.push(code));

    expect(warnings).toEqual(['VALUE_TOO_LONG']);
  });

  it.each([
    ['a letter and its accent', 'abcde\u0301', 'abcd'],
    ['a family', 'Ada 👩‍👩‍👧', 'Ada '],
    ['a flag', 'abcd🇫🇷', 'abcd'],
    ['a first character that is longer by itself', '👩‍👩‍👧‍👦', '👩‍👩‍👧'],
  ])('cut a text before %s', (_what, value, expected) => {
    expect(apply('truncate', value)).toBe(expected);
  });
});

describe.each(SPECS)('%s, of any text', (name, spec) => {
  it('never throws, and keeps unicode whole', () => {
    fc.assert(
      fc.property(TEXTS, (value) => {
        const result = apply(name, value);

        expect(result === null || result.isWellFormed()).toBe(true);
      }),
    );
  });

  if (spec.idempotent === true) {
    it('changes nothing the second time', () => {
      fc.assert(
        fc.property(TEXTS, (value) => {
          const once = apply(name, value);

          expect(apply(name, once)).toBe(once);
        }),
      );
    });
  }
});
