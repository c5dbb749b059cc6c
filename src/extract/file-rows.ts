import { didYouMean } from '../config/nearest.ts';
import type { Source } from '../config/source.ts';
import { SyncError } from '../errors/sync-error.ts';
import { toSalesforceId } from '../flow/salesforce-id.ts';
import type { CsvLine } from './csv-file.ts';
import { lineOf, valuesOf } from './csv-line.ts';
import { layoutOfFile, LineRecord } from './source-record.ts';

/** How the lines of one file become records. */
export interface FileRows {
  /** What tells the record of this line from all others; '' when it has nothing, or its line does not fit. */
  idOf(line: CsvLine): string;
  recordOf(line: CsvLine): LineRecord;
}

/** The state keeps no longer ids. */
const LONGEST_ID = 255;

/**
 * Reads the header line.
 * @param version  of the mapping, for the hashes of its records
 * @throws SyncError SOURCE_FILE_BROKEN when a column that the mapping names is not in it, or twice
 */
export function fileRows(header: CsvLine | undefined, source: Source, version: string): FileRows {
  const { file, fields, object } = source;
  if (file === null) throw new RangeError(`${object} is no file`);
  if (header === undefined) throw new SyncError('SOURCE_FILE_BROKEN', `${file.path} has no header line.`);
  if (header.invalid) throw new SyncError('SOURCE_FILE_BROKEN', `${file.path} is not UTF-8.`);
  const names = header.columns === 0 ? [] : valuesOf(header.text, file.delimiter).map((name) => name.trim());
  const isHeader = isHeaderOf(names, [...file.id, ...fields]);
  const placeOf = (name: string): number => placeIn(names, name, { path: file.path, isHeader });
  const idPlaces = file.id.map(placeOf);
  const places = fields.map(placeOf);
  const layout = layoutOfFile(fields, version);

  const fits = (line: CsvLine): boolean => line.columns === names.length;
  const valuesIn = (line: CsvLine): readonly string[] =>
    line.columns === 0 ? [] : valuesOf(line.text, file.delimiter);
  const idIn = (values: readonly string[]): string => idOfTexts(idPlaces.map((place) => values[place] ?? ''));
  return {
    idOf: (line) => (fits(line) ? idIn(valuesIn(line)) : ''),
    recordOf: (line) => {
      const values = valuesIn(line);
      const flaw = line.invalid ? 'INVALID_TEXT' : fits(line) ? null : 'INVALID_LINE';
      // Only what the mapping uses: another column that changes is no change of the record.
      const used = lineOf(places.map((place) => values[place] ?? ''));
      return new LineRecord(used, layout, flaw, fits(line) ? idIn(values) : '');
    },
  };
}

/**
 * A Salesforce id in its long form, or the text; of several columns, all of them with `|` between.
 * @returns '' when all are blank, or the whole is too long for an id
 */
function idOfTexts(texts: readonly string[]): string {
  const parts = texts.map((text) => toSalesforceId(text) ?? text.trim());
  if (parts.every((part) => part === '')) return '';
  // Marked, so that `a|b` and `c` are not what `a` and `b|c` are.
  const id =
    parts.length === 1 ? parts.join('') : parts.map((part) => part.replaceAll(/[\\|]/g, String.raw`\$&`)).join('|');
  return id.length > LONGEST_ID || id.includes('\0') ? '' : id;
}

interface Header {
  readonly path: string;
  /** False when not one name is known: then it is perhaps a line of values. */
  readonly isHeader: boolean;
}

function isHeaderOf(names: readonly string[], wanted: readonly string[]): boolean {
  const known = new Set(wanted.map((name) => name.toLowerCase()));
  return names.some((name) => known.has(name.toLowerCase()));
}

function placeIn(names: readonly string[], wanted: string, { path, isHeader }: Header): number {
  const place = names.indexOf(wanted);
  if (place === -1) {
    // Without a header line, the first record stands there: of it nothing is told.
    const near = isHeader ? didYouMean(wanted, names) : null;
    throw new SyncError('SOURCE_FILE_BROKEN', `${path} has no column "${wanted}".`, {
      details: { column: wanted },
      ...(near === null ? {} : { actions: [near] }),
    });
  }
  if (names.indexOf(wanted, place + 1) === -1) return place;
  throw new SyncError('SOURCE_FILE_BROKEN', `${path} has two columns "${wanted}".`, { details: { column: wanted } });
}
