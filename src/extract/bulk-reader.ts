import type { Logger } from 'pino';
import { SyncError } from '../errors/sync-error.ts';
import type { Slice } from '../flow/slice.ts';
import type { SourceBatch } from '../flow/source-batch.ts';
import type { JobInfo } from '../salesforce/bulk-jobs.ts';
import type { ResultPage } from '../salesforce/result-page.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import { PageQueue } from './page-queue.ts';
import { PageRows } from './page-rows.ts';
import type { ReadRequest, RowReader } from './row-reader.ts';

export interface BulkReaderDeps {
  readonly salesforce: Salesforce;
  readonly signal: AbortSignal;
  readonly log: Pick<Logger, 'info'>;
  readonly onExpected: (records: number) => void;
  /** Told of a new job before it is waited for. */
  readonly onJob: (job: string) => Promise<void>;
  /** Records that a page is asked to have. */
  readonly pageRecords: number;
}

/**
 * Reads the result of a Bulk query job, page by page. Where it stands:
 * - no job: the first {@link BulkReader.next} makes one and waits for it, or takes the one to resume.
 * - a page: given out batch by batch, while the next page is on its way; a page that breaks off is asked for again,
 *   and the records that were given out are skipped.
 * - done: after the last page, when all records were counted; or at the limit.
 */
export class BulkReader implements RowReader {
  readonly #request: ReadRequest;
  readonly #deps: BulkReaderDeps;
  readonly #resume: Slice | null;
  readonly #pages: PageQueue;
  readonly #seen = new Set<string>();
  #job: JobInfo | null = null;
  #rows: PageRows | null = null;
  #place: { readonly locator: string | null; readonly ordinal: number };
  /** Records of this page, and of all pages, that were given out. */
  #givenOfPage = 0;
  #given = 0;
  #done = false;

  constructor(request: ReadRequest, resume: Slice | null, deps: BulkReaderDeps) {
    this.#request = request;
    this.#deps = deps;
    this.#resume = resume;
    this.#place = { locator: resume?.locator ?? null, ordinal: resume?.ordinal ?? 1 };
    this.#pages = new PageQueue(async (locator) => this.#ask(locator));
  }

  async next(): Promise<SourceBatch | null> {
    if (this.#done || this.#given === this.#request.limit) return null;
    this.#job ??= await this.#begin();
    const { salesforce, signal } = this.#deps;
    return salesforce.retry('result page', async () => this.#batch(), signal);
  }

  async close(): Promise<void> {
    await this.#rows?.close();
    this.#pages.close();
    // At the limit nobody comes back for the rest of the result. After an error somebody may.
    const left = this.#given === this.#request.limit && !this.#done;
    if (this.#job !== null && left) await this.#deps.salesforce.dropJob(this.#job.id);
  }

  async #begin(): Promise<JobInfo> {
    const { salesforce, signal, log, onExpected } = this.#deps;
    const id = this.#resume?.job ?? (await this.#newJob());
    const job = await salesforce.waitForJob(id, signal);
    log.info({ job: id, records: job.records }, 'Bulk job complete');
    if (job.records !== null) onExpected(Math.min(job.records, this.#request.limit ?? Infinity));
    return job;
  }

  async #newJob(): Promise<string> {
    const { salesforce, signal, onJob } = this.#deps;
    const { soql, includeDeleted = false } = this.#request;
    const id = await salesforce.createQueryJob(soql, { includeDeleted }, signal);
    await onJob(id);
    return id;
  }

  async #ask(locator: string | null): Promise<ResultPage> {
    const { salesforce, signal, pageRecords } = this.#deps;
    const maxRecords = Math.min(pageRecords, this.#request.limit ?? Infinity);
    return salesforce.resultPage({ job: this.#job?.id ?? '', locator, maxRecords }, signal);
  }

  async #batch(): Promise<SourceBatch> {
    try {
      this.#rows ??= await this.#open();
      return await this.#take(this.#rows);
    } catch (error) {
      await this.#rows?.close();
      this.#rows = null;
      throw error;
    }
  }

  async #open(): Promise<PageRows> {
    const page = await this.#pages.take(this.#place.locator);
    const room = (this.#request.limit ?? Infinity) - this.#given;
    if (page.next !== null && page.records - this.#givenOfPage < room) this.#pages.askAfter(page, page.next);
    return new PageRows(page, this.#request, this.#givenOfPage);
  }

  async #take(rows: PageRows): Promise<SourceBatch> {
    const { batchSize, limit, fields } = this.#request;
    const room = (limit ?? Infinity) - this.#given;
    const { records, last } = await rows.take(Math.min(batchSize, room));
    if (last && rows.page.next === null) this.#checkTotal(this.#given + records.length);
    const { ordinal, locator } = this.#place;
    this.#given += records.length;
    this.#givenOfPage += records.length;
    if (last) this.#turn(rows.page.next);
    const slice: Slice = { kind: 'bulk_page', ordinal, job: this.#job?.id ?? null, locator, next: rows.page.next };
    return { slice, fields, records, last: last || records.length === room };
  }

  /** @throws SyncError ORG_RESULT_BROKEN when records are missing though every page was whole */
  #checkTotal(total: number): void {
    const records = this.#job?.records ?? null;
    if (records === null || this.#resume !== null || total === records) return;
    throw new SyncError('ORG_RESULT_BROKEN', `the pages hold ${String(total)} records of ${String(records)}`);
  }

  #turn(next: string | null): void {
    this.#rows = null;
    this.#givenOfPage = 0;
    if (next === null) {
      this.#done = true;
      return;
    }
    if (this.#seen.has(next)) throw new SyncError('ORG_RESULT_BROKEN', 'the pages of the result go round in a circle');
    this.#seen.add(next);
    this.#place = { locator: next, ordinal: this.#place.ordinal + 1 };
  }
}
