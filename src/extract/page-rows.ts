import { SyncError } from '../errors/sync-error.ts';
import type { SourceRecord } from '../flow/source-batch.ts';
import type { ResultPage } from '../salesforce/result-page.ts';
import { CsvReader, CsvBroken } from './csv-reader.ts';
import { valuesOf } from './csv-line.ts';
import type { ReadRequest } from './row-reader.ts';
import { layoutUnder, type LineLayout, LineRecord } from './source-record.ts';

export interface TakenRows {
  readonly records: readonly SourceRecord[];
  /** True when the page is over, and was found whole. */
  readonly last: boolean;
}

/**
 * One reading of one result page.
 * @param skip  records that an earlier reading of the same page has given out: read and counted, but not given again
 */
export class PageRows {
  readonly page: ResultPage;
  readonly #request: ReadRequest;
  readonly #csv: CsvReader;
  readonly #chunks: AsyncIterator<Buffer>;
  #skip: number;
  /** Null before the header line. */
  #layout: LineLayout | null = null;
  #ready: SourceRecord[] = [];
  #counted = 0;
  #ended = false;

  constructor(page: ResultPage, request: ReadRequest, skip: number) {
    this.page = page;
    this.#request = request;
    this.#skip = skip;
    this.#csv = new CsvReader((line, columns, isBroken) => {
      this.#row(line, columns, isBroken);
    });
    this.#chunks = page.chunks[Symbol.asyncIterator]();
  }

  /**
   * The next records. The last ones are given only after the whole page was counted.
   * @throws SyncError ORG_RESULT_BROKEN, transient, when the page is not whole
   */
  async take(count: number): Promise<TakenRows> {
    while (!this.#ended && this.#ready.length <= count) await this.#read();
    const records = this.#ready.slice(0, count);
    this.#ready = this.#ready.slice(count);
    return { records, last: this.#ended && this.#ready.length === 0 };
  }

  async close(): Promise<void> {
    this.page.close();
    await this.#chunks.return?.();
  }

  async #read(): Promise<void> {
    const chunk = await this.#chunks.next();
    try {
      if (chunk.done !== true) {
        this.#csv.write(chunk.value);
        return;
      }
      this.#csv.end();
    } catch (error) {
      throw error instanceof CsvBroken ? broken(error.message, error) : error;
    }
    this.#ended = true;
    if (this.#counted === this.page.records) return;
    throw broken(`it has ${String(this.#counted)} records and says ${String(this.page.records)}`);
  }

  #row(line: string, columns: number, isBroken: boolean): void {
    if (this.#layout === null) {
      this.#layout = layoutUnder(valuesOf(line), this.#request.fields, this.#request.version);
      if (this.#layout === null) throw broken('its columns are not those of the query');
      return;
    }
    if (columns !== this.#request.fields.length) throw broken('a record has more or fewer values than columns');
    this.#counted++;
    if (this.#skip > 0) this.#skip--;
    else this.#ready.push(new LineRecord(line, this.#layout, isBroken ? 'INVALID_TEXT' : null));
  }
}

function broken(why: string, cause?: unknown): SyncError {
  return new SyncError('ORG_RESULT_BROKEN', `a result page is not whole: ${why}`, {
    cause,
    details: { transient: true },
  });
}
