import { isAscii, isUtf8 } from 'node:buffer';
import { closingQuote } from './csv-line.ts';

/**
 * Takes one record, the header line included.
 * @param line  the record as it came, without its line break
 * @param columns  how many values it has
 * @param broken  true when its bytes were not valid UTF-8 (they now read U+FFFD)
 */
export type OnCsvRecord = (line: string, columns: number, broken: boolean) => void;

/** The text cannot be what the org sent: cut off, or not this dialect. Never carries the text. */
export class CsvBroken extends Error {
  override readonly name = 'CsvBroken';
}

const QUOTE = 34;
const COMMA = 44;
const LF = 10;
const CR = 13;

/** No record is finished here: more text is needed. */
const UNFINISHED = -1;

/**
 * Reads the CSV dialect of Bulk API 2.0 as it arrives: UTF-8, comma, LF or CRLF, every value in double quotes (bare
 * ones are taken too), quotes doubled, line breaks and anything else inside quotes. Chunks may end anywhere: inside a
 * character, between two quotes, between CR and LF.
 *
 * The hottest loop of the program, so it walks decoded text with `indexOf` and hands out the lines as they are; see
 * csv-line.ts for their values.
 */
export class BulkCsvReader {
  readonly #onRecord: OnCsvRecord;
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

  constructor(onRecord: OnCsvRecord) {
    this.#onRecord = onRecord;
  }

  /** @throws CsvBroken when the text is not this dialect */
  write(chunk: Buffer): void {
    const bytes = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk]);
    const whole = bytes.length - unfinishedCharacter(bytes);
    this.#tail = bytes.subarray(whole);
    this.#decode(whole === bytes.length ? bytes : bytes.subarray(0, whole));
  }

  /**
   * The page is over.
   * @throws CsvBroken when it ends inside a record. A last line without its line break counts as cut off: the org ends
   *   every line, and `"O""Neil"` cut after its fourth character would read as a whole value.
   */
  end(): void {
    if (this.#tail.length > 0) this.#decode(this.#tail);
    this.#read(this.#joined());
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
    let at = start;
    for (;;) {
      const end = text.charCodeAt(at) === QUOTE ? closingQuote(text, at + 1) + 1 : bareEnd(text, at);
      // A quote that is not found, plus 1, is no place where a value can end.
      if (end === UNFINISHED || end === 0) return UNFINISHED;
      this.#columns++;
      const code = text.charCodeAt(end);
      if (code !== COMMA) return lineFeed(text, code === CR ? end + 1 : end);
      at = end + 1;
    }
  }
}

/** @returns `at` when the record's LF is there, UNFINISHED when no text is there yet */
function lineFeed(text: string, at: number): number {
  if (at >= text.length) return UNFINISHED;
  if (text.charCodeAt(at) === LF) return at;
  throw new CsvBroken('a value goes on after its closing quote');
}

/** @returns the index after a value without quotes: its comma, its LF, or the CR before that LF */
function bareEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === COMMA) return at;
    if (code === LF) return at > from && text.charCodeAt(at - 1) === CR ? at - 1 : at;
    if (code === QUOTE) throw new CsvBroken('a quote stands inside a bare value');
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
