import { SyncError } from '../errors/sync-error.ts';
import type { Slice } from '../flow/slice.ts';
import type { SourceBatch } from '../flow/source-batch.ts';
import type { RestPage } from '../salesforce/rest-query.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import { lineOf } from './csv-line.ts';
import { fieldReader, type ReadField } from './rest-values.ts';
import type { ReadRequest, RowReader } from './row-reader.ts';
import { layoutOf, type LineLayout, LineRecord } from './source-record.ts';

export interface RestReaderDeps {
  readonly salesforce: Salesforce;
  readonly signal: AbortSignal;
  readonly onExpected: (records: number) => void;
}

/** Reads by REST: one call for at most 2,000 records, so for small results and for objects that Bulk does not know. */
export class RestReader implements RowReader {
  readonly #request: ReadRequest;
  readonly #deps: RestReaderDeps;
  readonly #readFields: readonly ReadField[];
  readonly #layout: LineLayout;
  readonly #pages: AsyncGenerator<RestPage, void, undefined>;
  /** Records given out are checked against the org's count; not when only the rest of a query is read. */
  readonly #fromStart: boolean;
  #page: RestPage | null = null;
  #ordinal: number;
  /** Records of the page, and of all pages, that were given out. */
  #givenOfPage = 0;
  #given = 0;

  constructor(request: ReadRequest, resume: Slice | null, deps: RestReaderDeps) {
    this.#request = request;
    this.#deps = deps;
    this.#readFields = request.fields.map(fieldReader);
    this.#layout = layoutOf(request.fields, request.version);
    const locator = resume?.kind === 'rest_page' ? resume.locator : null;
    this.#fromStart = locator === null;
    this.#ordinal = locator === null ? 0 : (resume?.ordinal ?? 1) - 1;
    const { soql, includeDeleted = false } = request;
    this.#pages = deps.salesforce.restQuery(locator === null ? { soql, includeDeleted } : { locator }, deps.signal);
  }

  async next(): Promise<SourceBatch | null> {
    const page = this.#page ?? (await this.#turn());
    if (page === null) return null;
    const { batchSize, fields, limit } = this.#request;
    const room = Math.min(batchSize, (limit ?? Infinity) - this.#given);
    const rows = page.records.slice(this.#givenOfPage, this.#givenOfPage + room);
    this.#givenOfPage += rows.length;
    this.#given += rows.length;
    const last = this.#givenOfPage === page.records.length || this.#given === limit;
    if (last) this.#page = null;
    return {
      slice: { kind: 'rest_page', ordinal: this.#ordinal, job: null, locator: page.locator },
      fields,
      // As Bulk would send it, so that a record has one hash whichever way it came.
      records: rows.map((row) => new LineRecord(lineOf(this.#readFields.map((read) => read(row))), this.#layout, null)),
      last,
    };
  }

  async close(): Promise<void> {
    await this.#pages.return();
  }

  async #turn(): Promise<RestPage | null> {
    if (this.#given === this.#request.limit) return null;
    const turned = await this.#pages.next();
    if (turned.done === true) return null;
    const page = turned.value;
    if (this.#ordinal === 0) this.#deps.onExpected(Math.min(page.total, this.#request.limit ?? Infinity));
    const counted = this.#given + page.records.length;
    if (this.#fromStart && page.next === null && counted !== page.total) {
      const counts = `${String(counted)} records of ${String(page.total)}`;
      throw new SyncError('ORG_RESULT_BROKEN', `the query ends after ${counts}`);
    }
    this.#page = page;
    this.#givenOfPage = 0;
    this.#ordinal++;
    return page;
  }
}
