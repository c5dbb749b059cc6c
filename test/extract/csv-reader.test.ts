import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { BULK, CsvBroken, type CsvDialect, CsvReader } from '../../src/extract/csv-reader.ts';
import { lineOf, valueAt, valuesOf } from '../../src/extract/csv-line.ts';

interface Read {
  readonly values: readonly string[];
  readonly line: string;
  readonly columns: number;
  readonly broken: boolean;
}

/** Reads the bytes, cut where `sizes` says, in turns. */
function read(bytes: Buffer, sizes: readonly number[] = [bytes.length], dialect: CsvDialect = BULK): Read[] {
  const records: Read[] = [];
  const reader = new CsvReader((line, columns, broken) => {
    records.push({ values: columns === 0 ? [] : valuesOf(line, dialect.delimiter), line, columns, broken });
  }, dialect);
  let turn = 0;
  for (let from = 0; from < bytes.length;) {
    const size = sizes[turn++ % sizes.length] ?? 1;
    reader.write(bytes.subarray(from, from + size));
    from += size;
  }
  reader.end();
  return records;
}

function valuesIn(text: string): (readonly string[])[] {
  return read(Buffer.from(text)).map(({ values }) => values);
}

/** Text as children's names and teachers' notes hold it, and worse. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', '\r\n', '=', 'ß', '李', '👩‍🎓', '\0', '\uFEFF', 'a', ' ') }),
);
const bareText = fc.string({ unit: fc.constantFrom('a', 'Z', '9', 'é', '字', '🎒', ' ', '-', '\t') });
const quoted = anyText.map((text) => ({ text, csv: `"${text.replaceAll('"', '""')}"` }));
const bare = bareText.filter((text) => text !== '').map((text) => ({ text, csv: text }));

const table = fc
  .record({
    columns: fc.integer({ min: 1, max: 6 }),
    lineEnd: fc.constantFrom('\n', '\r\n'),
    sizes: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
  })
  .chain(({ columns, ...rest }) =>
    fc
      .array(fc.array(fc.oneof({ weight: 4, arbitrary: quoted }, bare), { minLength: columns, maxLength: columns }), {
        maxLength: 12,
      })
      .map((rows) => ({ rows, ...rest })),
  );

describe('the reader of Bulk CSV', () => {
  it('reads what csv-parse reads, wherever the chunks end', () => {
    fc.assert(
      fc.property(table, ({ rows, lineEnd, sizes }) => {
        const text = rows.map((row) => row.map(({ csv }) => csv).join(',') + lineEnd).join('');

        const ours = read(Buffer.from(text), sizes);

        expect(ours.map(({ values }) => values)).toEqual(parse(text, { record_delimiter: lineEnd, bom: true }));
        expect(ours.map(({ line }) => line).join('\n')).toBe(
          rows.map((row) => row.map(({ csv }) => csv).join(',')).join('\n'),
        );
        expect(ours.map(({ columns }) => columns)).toEqual(rows.map((row) => row.length));
        expect(ours.some(({ broken }) => broken)).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  it('finds each value of a line by its place, and writes lines that read the same', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 8 }), (values) => {
        const line = lineOf(values);

        expect(valuesOf(line)).toEqual(values);
        expect(values.map((_value, column) => valueAt(line, column))).toEqual(values);
      }),
    );
  });

  it('gives the line of a record without its line break, whichever it is', () => {
    expect(read(Buffer.from('"a","b\r\nc"\r\nd,\n')).map(({ line }) => line)).toEqual(['"a","b\r\nc"', 'd,']);
  });

  it('reads a field of 131,072 characters that comes in small pieces', () => {
    const long = 'x"y\n'.repeat(32_768);
    const bytes = Buffer.from(`"Id","Description"\n"1","${long.replaceAll('"', '""')}"\n"2",""\n`);

    const records = read(bytes, [1000]);

    expect(records.map(({ values }) => values)).toEqual([
      ['Id', 'Description'],
      ['1', long],
      ['2', ''],
    ]);
  });

  it('keeps NUL characters and leading equals signs', () => {
    expect(valuesIn('"a\0b","=1+1"\n')).toEqual([['a\0b', '=1+1']]);
  });

  it('passes over a byte order mark', () => {
    expect(valuesIn('\uFEFF"Id"\n"1"\n')).toEqual([['Id'], ['1']]);
  });

  it('finds no record in no text', () => {
    expect(valuesIn('')).toEqual([]);
  });

  describe('with bytes that are not UTF-8', () => {
    const before = '"1","Zoë"\n';
    const bad = Buffer.concat([Buffer.from('"2","A'), Buffer.from([0xc3, 0x28]), Buffer.from('B"\n')]);
    const after = '"3","李"\n';
    const bytes = Buffer.concat([Buffer.from(before), bad, Buffer.from(after)]);

    it.each([1, 2, 3, 5, 7, 11, 1000])('marks their record and no other, in chunks of %i bytes', (size) => {
      const records = read(bytes, [size]);

      expect(records.map(({ broken }) => broken)).toEqual([false, true, false]);
      expect(records.map(({ values }) => values[1])).toEqual(['Zoë', 'A\uFFFD(B', '李']);
    });

    it('marks a record whose bad bytes stand on its second line', () => {
      const records = read(Buffer.concat([Buffer.from('"1\n'), Buffer.from([0xff]), Buffer.from('"\n"2"\n')]));

      expect(records.map(({ broken }) => broken)).toEqual([true, false]);
    });
  });

  it.each([
    ['inside a value', '"Id","Name"\n"1","Ann'],
    ['after a value that may go on', '"Id","Name"\n"1","O"'],
    ['between two values', '"Id","Name"\n"1",'],
    ['inside a character', Buffer.concat([Buffer.from('"Id"\n"'), Buffer.from([0xe6, 0x9d])])],
    ['between CR and LF', '"Id"\r\n"1"\r'],
  ])('refuses a text that ends %s', (_where, text) => {
    expect(() => read(Buffer.from(text))).toThrow(CsvBroken);
  });

  it.each([
    ['text after a closing quote', '"a"b\n'],
    ['a quote inside a bare value', 'a"b\n'],
  ])('refuses %s', (_what, text) => {
    expect(() => read(Buffer.from(text))).toThrow(CsvBroken);
  });
});

describe('the reader of files that people make', () => {
  const byHand: CsvDialect = { delimiter: ';', lenient: true };
  const anyLine = fc.string({ unit: fc.constantFrom('"', ';', ',', '\n', '\r', 'ä', 'x') });

  it('reads the same wherever the chunks end, whatever the text', () => {
    fc.assert(
      fc.property(anyLine, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }), (text, sizes) => {
        const bytes = Buffer.from(text);
        const outcome = (cut: readonly number[]): unknown => {
          try {
            return read(bytes, cut, byHand);
          } catch (error) {
            return error instanceof CsvBroken ? error.message : error;
          }
        };

        expect(outcome(sizes)).toEqual(outcome([Math.max(1, bytes.length)]));
      }),
      { numRuns: 400 },
    );
  });

  it.each<readonly [string, string, readonly (readonly string[])[]]>([
    [
      'a last line without its line break',
      'a;b\nc;d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['a quote inside a bare value', '15" wide;b\n', [['15" wide', 'b']]],
    ['a comma', 'a,b;c\n', [['a,b', 'c']]],
    ['an empty line', '\na\n\n', [[''], ['a'], ['']]],
    ['text after a closing quote, whose line it breaks', '"a"b;c\nd;e\n', [[], ['d', 'e']]],
  ])('takes %s', (_what, text, values) => {
    expect(read(Buffer.from(text), [3], byHand).map((record) => record.values)).toEqual(values);
  });

  it('refuses a quote that is never closed', () => {
    expect(() => read(Buffer.from('a;"b\nc;d\n'), [4], byHand)).toThrow(CsvBroken);
  });
});
