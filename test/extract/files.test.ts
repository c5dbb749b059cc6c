import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FileSource } from '../../src/config/source.ts';
import { extract, type ExtractDeps, type ExtractRequest } from '../../src/extract/extract.ts';
import type { SourceBatch } from '../../src/flow/source-batch.ts';
import { all, mappingForTest } from '../support/dock.ts';

const PATH = 'levels.csv';
let folder: string;
let warnings: [string, number][];
let expected: number[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-files-'));
  warnings = [];
  expected = [];
});

afterEach(() => rmSync(folder, { recursive: true }));

interface Reading {
  readonly fields?: readonly string[];
  readonly file?: Partial<FileSource>;
  readonly request?: Partial<ExtractRequest>;
  readonly deps?: Partial<ExtractDeps>;
}

/** Reads a mapping whose source is the file; the org must not be asked. */
function read({ fields = ['Id', 'Level'], file = {}, request = {}, deps = {} }: Reading = {}) {
  const source: FileSource = { path: PATH, id: ['Id'], delimiter: ',', optional: false, ...file };
  const mapping = mappingForTest(fields, { object: source.path, soql: '', file: source });
  return extract(
    { mapping, batchSize: 100, limit: null, ...request },
    {
      salesforce: () => Promise.reject(new Error('the org was asked')),
      folder,
      signal: new AbortController().signal,
      log: { info: () => undefined },
      onExpected: (records) => void expected.push(records),
      onWarning: (what, times) => void warnings.push([what, times]),
      ...deps,
    },
  );
}

function write(text: string | Buffer, path = PATH): void {
  writeFileSync(join(folder, path), text);
}

function valuesOf(batches: readonly SourceBatch[]): (readonly string[])[] {
  return batches.flatMap(({ records }) => records.map(({ values }) => values));
}

function idsOf(batches: readonly SourceBatch[]): string[] {
  return batches.flatMap(({ records }) => records.map(({ id }) => id));
}

const ADA = '0015e00000AAAAAAA5';
const BEN = '0015e00000BBBBBAA5';

function quote(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}

async function hashes(text: string, reading: Reading = {}): Promise<string[]> {
  write(text);
  return (await all(read(reading))).flatMap(({ records }) => records.map(({ hash }) => hash));
}

describe('a file in place of the org', () => {
  it('gives the columns that the mapping names, in its order, and asks no org', async () => {
    write(`Name,Level,Id\nA School,High,${ADA}\n"B, School",Middle,${BEN}\n`);

    const batches = await all(read());

    expect(batches).toHaveLength(1);
    expect(batches[0]).toMatchObject({ slice: { kind: 'file', ordinal: 1, job: null, locator: null }, last: true });
    expect(batches[0]?.fields).toEqual(['Id', 'Level']);
    expect(valuesOf(batches)).toEqual([
      [ADA, 'High'],
      [BEN, 'Middle'],
    ]);
    expect(expected).toEqual([2]);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['a byte order mark', `\uFEFFId,Level\n1,High\n`],
    ['CRLF', 'Id,Level\r\n1,High\r\n'],
    ['no line break at the end', 'Id,Level\n1,High'],
    ['CRLF and no line break at the end', 'Id,Level\r\n1,High\r'],
    ['quotes where none are needed', '"Id","Level"\n"1","High"\n'],
    ['blank lines', '\nId,Level\n\n1,High\n  \n\n'],
    ['spaces around its headers', ' Id , Level\n1,High\n'],
    ['columns that nobody uses', 'Other,Id,Level,More\nx,1,High,y\n'],
  ])('may have %s', async (_what, text) => {
    write(text);

    expect(valuesOf(await all(read()))).toEqual([['1', 'High']]);
  });

  it.each([
    [';', 'Id;Level\n1;"High; or so"\n', ['1', 'High; or so']],
    ['\t', 'Id\tLevel\n1\tHigh, or so\n', ['1', 'High, or so']],
    ['|', 'Id|Level\n1|15" wide\n', ['1', '15" wide']],
  ])('may have %j between its values', async (delimiter, text, values) => {
    write(text);

    expect(valuesOf(await all(read({ file: { delimiter } })))).toEqual([values]);
  });

  it('may have line breaks, quotes and any language in its values', async () => {
    const level = 'Hoch "A"\r\n高校 👩‍🎓';
    write(`Id,Level\n1,"${level.replaceAll('"', '""')}"\n`);

    expect(valuesOf(await all(read()))).toEqual([['1', level]]);
  });

  it('comes in batches; the last one ends the slice', async () => {
    write(`Id,Level\n${Array.from({ length: 5 }, (_, index) => `${index},x\n`).join('')}`);

    const batches = await all(read({ request: { batchSize: 2 } }));

    expect(batches.map(({ records, last }) => [records.length, last])).toEqual([
      [2, false],
      [2, false],
      [1, true],
    ]);
  });

  it('ends with a full batch where it has just as many records', async () => {
    write('Id,Level\n1,a\n2,b\n3,c\n4,d\n');

    const batches = await all(read({ request: { batchSize: 2 } }));

    expect(batches.map(({ records, last }) => [records.length, last])).toEqual([
      [2, false],
      [2, true],
    ]);
  });

  it('gives one empty batch when it holds only its header', async () => {
    write('Id,Level\n');

    expect(await all(read())).toMatchObject([{ records: [], last: true }]);
  });

  it('stops at the limit', async () => {
    write('Id,Level\n1,a\n2,b\n3,c\n');

    const batches = await all(read({ request: { limit: 2 } }));

    expect(idsOf(batches)).toEqual(['1', '2']);
    expect(batches.at(-1)?.last).toBe(true);
    expect(expected).toEqual([2]);
  });

  it('is read for some records only, whatever the limit', async () => {
    write('Id,Level\n1,a\n2,b\n3,c\n');

    expect(idsOf(await all(read({ request: { ids: ['3', '1', '9'], limit: 1 } })))).toEqual(['1', '3']);
  });

  it('is read to its end however large it is, and stops when the run is told to', async () => {
    const line = `${'x'.repeat(200)}\n`;
    write(`Id,Level\n${Array.from({ length: 4000 }, (_, index) => `${index},${line}`).join('')}`);
    const controller = new AbortController();
    const batches = read({ deps: { signal: controller.signal } });

    expect(idsOf(await all(read())).length).toBe(4000);
    await batches.next();
    controller.abort();
    await expect(all(batches)).rejects.toThrow(/abort/i);
  });

  it('may have more lines in a piece than a function may have arguments', async () => {
    write(`I\n${'1\n'.repeat(200_000)}`);

    expect(await all(read({ fields: ['I'], file: { id: ['I'] } }))).toMatchObject([
      { records: [{ id: '1' }], last: true },
    ]);
    expect(warnings).toEqual([[`DUPLICATE_RECORD ${PATH}`, 199_999]]);
  });

  it('gives back what any writer of CSV has written', async () => {
    const text = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ';', 'ä', '字', '👩‍🎓', 'a', ' ') });
    const rows = fc.uniqueArray(fc.tuple(fc.uuid(), text), { minLength: 1, maxLength: 20, selector: ([id]) => id });
    await fc.assert(
      fc.asyncProperty(rows, async (written) => {
        write(`Id,Level\n${written.map((row) => row.map(quote).join(',')).join('\n')}`);

        expect(valuesOf(await all(read()))).toEqual(written);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the id of a record of a file', () => {
  it.each([
    ['a Salesforce id as it is', ADA, ADA],
    ['a short Salesforce id in its long form', ADA.slice(0, 15), ADA],
    ['any other text', ' KC-17 ', 'KC-17'],
    ['nothing where the column is blank', '  ', ''],
    ['nothing where the text is too long', 'x'.repeat(256), ''],
  ])('is %s', async (_what, written, id) => {
    write(`Id,Level\n"${written}",High\n`);

    expect(idsOf(await all(read()))).toEqual([id]);
  });

  it('is made of several columns, so that no two are taken for one', async () => {
    write('A,B,Level\na|b,c,x\na,b|c,x\na,,x\n,,x\n');

    expect(idsOf(await all(read({ file: { id: ['A', 'B'] }, fields: ['A', 'B', 'Level'] })))).toEqual([
      String.raw`a\|b|c`,
      String.raw`a|b\|c`,
      'a|',
      '',
    ]);
  });

  it('may stand in the file several times: the last line counts, and the others are a warning', async () => {
    write('Id,Level\n1,old\n2,b\n1,newer\n3,c\n1,new\n');

    const batches = await all(read({ request: { batchSize: 2 } }));

    expect(valuesOf(batches)).toEqual([
      ['2', 'b'],
      ['3', 'c'],
      ['1', 'new'],
    ]);
    expect(warnings).toEqual([[`DUPLICATE_RECORD ${PATH}`, 2]]);
    expect(expected).toEqual([3]);
  });

  it('goes with a hash over what the mapping uses, in each version of it', async () => {
    const [first] = await hashes('Id,Level,Note\n1,High,a\n');
    const mapping = { ...mappingForTest(['Id', 'Level']), version: 'v2' };
    const source = { ...mapping.source, file: { path: PATH, id: ['Id'], delimiter: ',', optional: false } };

    expect(await hashes('Level,Id,Note\r\n"High",1,b\r\n')).toEqual([first]);
    expect(await hashes('Id,Level,Note\n1,Low,a\n')).not.toEqual([first]);
    expect(await hashes('Id,Level,Note\n1,High,a\n', { request: { mapping: { ...mapping, source } } })).not.toEqual([
      first,
    ]);
  });
});

describe('a line that is broken', () => {
  it.each([
    ['too few values', '2'],
    ['too many values', '2,High,more'],
    ['text after a closing quote', '2,"High" School'],
  ])('is refused for %s, and its neighbours are read', async (_what, line) => {
    write(`Id,Level\n1,a\n${line}\n3,c\n`);

    const records = (await all(read())).flatMap((batch) => batch.records);

    expect(records.map(({ id, broken }) => [id, broken ?? null])).toEqual([
      ['1', null],
      ['', 'INVALID_LINE'],
      ['3', null],
    ]);
  });

  it('is refused when its bytes are no UTF-8', async () => {
    write(Buffer.concat([Buffer.from('Id,Level\n1,a\n2,'), Buffer.from([0xe9]), Buffer.from('\n3,c\n')]));

    const records = (await all(read())).flatMap((batch) => batch.records);

    expect(records.map(({ broken }) => broken ?? null)).toEqual([null, 'INVALID_TEXT', null]);
  });

  it('never ends where a quote is opened and never closed: told with its line', async () => {
    write('Id,Level\n1,a\n\n2,"High\n3,c\n');

    await expect(all(read())).rejects.toMatchObject({
      code: 'SOURCE_FILE_BROKEN',
      message: 'levels.csv:4: a quote is opened and never closed.',
    });
  });
});

describe('a file that cannot be read', () => {
  it.each([
    [
      'has no column that the mapping names',
      'Id,Levl\n1,High\n',
      'levels.csv has no column "Level".',
      ['Did you mean "Levl"?'],
    ],
    [
      'writes a header in another case',
      'Id,level\n1,High\n',
      'levels.csv has no column "Level".',
      ['Did you mean "level"?'],
    ],
    ['has no column for the id', 'Key,Level\n1,High\n', 'levels.csv has no column "Id".', undefined],
    ['has a column twice', 'Id,Level,Level\n1,High,Low\n', 'levels.csv has two columns "Level".', undefined],
    ['is empty', '', 'levels.csv has no header line.', undefined],
    ['is all blank lines', '\n\n', 'levels.csv has no header line.', undefined],
  ])('stops the step when it %s', async (_what, text, message, actions) => {
    write(text);

    await expect(all(read())).rejects.toMatchObject({
      code: 'SOURCE_FILE_BROKEN',
      message,
      ...(actions === undefined ? {} : { actions }),
    });
  });

  it('tells nothing of its first line when that holds no header but values', async () => {
    write('1,Levels\n2,High\n');

    const refused = await all(read()).catch((error: unknown) => error);

    expect(refused).toMatchObject({ code: 'SOURCE_FILE_BROKEN', message: 'levels.csv has no column "Id".' });
    expect(JSON.stringify(refused)).not.toContain('Levels');
  });

  it('stops the step when it is not UTF-8', async () => {
    write(Buffer.from('Id,Level\n1,High\n', 'utf16le'));

    await expect(all(read())).rejects.toMatchObject({ code: 'SOURCE_FILE_BROKEN' });
  });

  it('stops the step when it is not there, unless it may be missing', async () => {
    await expect(all(read())).rejects.toMatchObject({
      code: 'SOURCE_FILE_MISSING',
      message: 'levels.csv is not there.',
    });
    expect(await all(read({ file: { optional: true } }))).toEqual([]);
    expect(warnings).toEqual([['SOURCE_FILE_MISSING levels.csv', 1]]);
  });

  it('stops the step when it is a folder, also when it may be missing', async () => {
    await expect(all(read({ file: { path: '.', optional: true } }))).rejects.toMatchObject({
      code: 'SOURCE_FILE_MISSING',
    });
  });

  it('may not lie outside of the project', async () => {
    await expect(all(read({ file: { path: '../levels.csv' } }))).rejects.toMatchObject({
      code: 'SOURCE_FILE_MISSING',
      message: "../levels.csv leads out of the project's folder.",
    });
  });
});
