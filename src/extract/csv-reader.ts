import { isAscii, isUtf8 } from 'node:buffer';
import { closingQuote } from './csv-line.ts';

/**
 * Takes one record, the header line included.
 * @param line  the record as it came, without its line break
 * @param columns  how many values it has
 * @param broken  true when its bytes were not valid UTF-8 (they now read U+FFFD)
 */
export type OnCsvRecord = (line: string, columns: number, broken: boolean) => void;

/** How the text is written. */
export interface CsvDialect {
  /** Stands between values; one character. */
  readonly delimiter: string;
  /**
   * True for files that people make. A last line needs no line break; a quote inside a bare value is part of it; text
   * after a closing quote breaks its own line only, which then counts as having no columns.
   */
  readonly lenient: boolean;
}

/** What Bulk API 2.0 sends. */
export const BULK: CsvDialect = { delimiter: ',', lenient: false };

/** The text cannot be what the org sent: cut off, or not this dialect. Never carries the text. */
export class CsvBroken extends Error {
  override readonly name = 'CsvBroken';
}

const QUOTE = 34;
const LF = 10;
const CR = 13;

/** No record is finished here: more text is needed. */
const UNFINISHED = -1;
/** Something stands where the line should end. */
const GOES_ON = -2;

/** In a file, a record that goes on for longer is a quote that was never closed. In UTF-16 units. */
const LONGEST_RECORD = 8_000_000;

/**
 * Reads CSV as it arrives, as Bulk API 2.0 writes it and as files have it: UTF-8, LF or CRLF, values in double quotes
 * or bare, quotes doubled, line breaks and anything else inside quotes. Chunks may end anywhere: inside a character,
 * between two quotes, between CR and LF.
 *
 * The hottest loop of the program, so it walks decoded text with `indexOf` and hands out the lines as they are; see
 * csv-line.ts for their values.
 */
export class CsvReader {
  readonly #onRecord: OnCsvRecord;
  readonly #delimiter: number;
  readonly #lenient: boolean;
  /** Bytes of a character whose end has not come. */
  #tail: Buffer = Buffer.alloc(0);
  /** Text from the start of the record that is not finished; whole records never stay here. */
  #text = '';
  /** Text that waits until there is enough of it to be worth reading the unfinished record again. */
  #more: string[] = [];
  #moreLength = 0;
  /** Where in `#text + #more` a line with invalid bytes begins; in order. */
  #brokenLines: number[] = [];
  #started = false;
  /** Of the record that was read last. */
  #columns = 0;

  constructor(onRecord: OnCsvRecord, { delimiter, lenient }: CsvDialect = BULK) {
    this.#onRecord = onRecord;
    this.#delimiter = delimiter.charCodeAt(0);
    this.#lenient = lenient;
  }

  /** @throws CsvBroken when the text is not this dialect */
  write(chunk: Buffer): void {
    const bytes = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk]);
    const whole = bytes.length - unfinishedCharacter(bytes);
    this.#tail = bytes.subarray(whole);
    this.#decode(whole === bytes.length ? bytes : bytes.subarray(0, whole));
  }

  /**
   * The text is over.
   * @throws CsvBroken when it ends inside a record. A last line of Bulk without its line break counts as cut off: the
   *   org ends every line, and `"O""Neil"` cut after its fourth character would read as a whole value.
   */
  end(): void {
    if (this.#tail.length > 0) this.#decode(this.#tail);
    this.#read(this.#joined());
    if (this.#lenient && this.#text !== '') this.#read(`${this.#text}\n`);
    if (this.#text !== '') throw new CsvBroken('the text ends inside a record');
  }

  #decode(bytes: Buffer): void {
    if (isAscii(bytes)) this.#take(bytes.toString('latin1'));
    else if (isUtf8(bytes)) this.#take(bytes.toString('utf8'));
    else this.#decodeBroken(bytes);
  }

  /** A line break byte is never part of another character, so only the lines with invalid bytes are marked. */
  #decodeBroken(bytes: Buffer): void {
    let from = 0;
    while (from < bytes.length) {
      const end = bytes.indexOf(LF, from);
      const line = bytes.subarray(from, end === -1 ? bytes.length : end + 1);
      if (!isUtf8(line)) this.#brokenLines.push(this.#text.length + this.#moreLength);
      this.#take(line.toString('utf8'));
      from += line.length;
    }
  }

  #take(text: string): void {
    this.#more.push(text);
    this.#moreLength += text.length;
    // A record of many chunks is read again only when it has doubled, so that its cost stays linear.
    if (this.#moreLength >= this.#text.length) this.#read(this.#joined());
  }

  #joined(): string {
    const text = this.#text + (this.#more.length === 1 ? this.#more[0] : this.#more.join(''));
    this.#more = [];
    this.#moreLength = 0;
    return text;
  }

  #read(text: string): void {
    let from = 0;
    if (!this.#started && text !== '') {
      this.#started = true;
      if (text.charCodeAt(0) === 0xfeff) from = 1;
    }
    for (;;) {
      const end = this.#readRecord(text, from);
      if (end === UNFINISHED) break;
      const next = end + 1;
      const line = text.slice(from, text.charCodeAt(end - 1) === CR ? end - 1 : end);
      this.#onRecord(line, this.#columns, this.#brokenLines.length > 0 && this.#isBroken(next));
      from = next;
    }
    this.#text = from === 0 ? text : text.slice(from);
    if (this.#lenient && this.#text.length > LONGEST_RECORD) throw new CsvBroken('a quote is never closed');
    if (this.#brokenLines.length > 0) this.#brokenLines = this.#brokenLines.map((at) => at - from);
  }

  #isBroken(recordEnd: number): boolean {
    let broken = false;
    while ((this.#brokenLines[0] ?? recordEnd) < recordEnd) {
      this.#brokenLines.shift();
      broken = true;
    }
    return broken;
  }

  /** @returns where the record's LF is, or UNFINISHED */
  #readRecord(text: string, start: number): number {
    this.#columns = 0;
    const delimiter = this.#delimiter;
    let at = start;
    for (;;) {
      const end =
        text.charCodeAt(at) === QUOTE ? afterQuote(text, at + 1) : bareEnd(text, at, delimiter, this.#lenient);
      if (end === UNFINISHED) return UNFINISHED;
      this.#columns++;
      const code = text.charCodeAt(end);
      if (code !== delimiter) {
        const feed = lineFeed(text, code === CR ? end + 1 : end);
        return feed === GOES_ON ? this.#endOfBroken(text, end) : feed;
      }
      at = end + 1;
    }
  }

  #endOfBroken(text: string, from: number): number {
    if (!this.#lenient) throw new CsvBroken('a value goes on after its closing quote');
    this.#columns = 0;
    return text.indexOf('\n', from);
  }
}

/** @returns the index after the quote that closes a value, UNFINISHED when it is not in the text */
function afterQuote(text: string, from: number): number {
  const quote = closingQuote(text, from);
  return quote === -1 ? UNFINISHED : quote + 1;
}

/** @returns `at` when the record's LF is there, UNFINISHED when no text is there yet, GOES_ON for other text */
function lineFeed(text: string, at: number): number {
  if (at >= text.length) return UNFINISHED;
  return text.charCodeAt(at) === LF ? at : GOES_ON;
}

/** @returns the index after a value without quotes: its delimiter, its LF, or the CR before that LF */
function bareEnd(text: string, from: number, delimiter: number, lenient: boolean): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === delimiter) return at;
    if (code === LF) return at > from && text.charCodeAt(at - 1) === CR ? at - 1 : at;
    if (code === QUOTE && !lenient) throw new CsvBroken('a quote stands inside a bare value');
  }
  return UNFINISHED;
}

/** @returns how many bytes at the end begin a character that they do not finish, 0 to 3 */
function unfinishedCharacter(bytes: Buffer): number {
  const length = bytes.length;
  for (let back = 1; back <= 3 && back <= length; back++) {
    const byte = bytes[length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < characterLength(byte) ? back : 0;
  }
  return 0;
}

function characterLength(firstByte: number): number {
  if (firstByte >= 0xf0) return 4;
  return firstByte >= 0xe0 ? 3 : 2;
}
