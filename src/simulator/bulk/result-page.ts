import { strikeOf, type Strike } from '../faults.ts';
import { Problem } from '../http/problem.ts';
import type { Job } from './jobs.ts';
import type { CsvPlan } from './render-csv.ts';

/** Rows [from, to) of a job, and where the next page begins. */
export interface ResultPage {
  readonly rows: Int32Array;
  readonly next: string | null;
}

export interface PageWish {
  readonly locator: string | null;
  readonly maxRecords: string | null;
  /** Rows in a page at most, whatever the client wants. */
  readonly largest: number;
}

/** @throws Problem for a locator that this job never gave */
export function pageOf(job: Job, wish: PageWish): ResultPage {
  const from = wish.locator === null ? 0 : startOf(job, wish.locator);
  const asked = wish.maxRecords === null ? wish.largest : Number(wish.maxRecords);
  if (!Number.isInteger(asked) || asked < 1) {
    throw new Problem(400, 'INVALID_FIELD', 'maxRecords must be a whole number above 0');
  }
  const to = Math.min(from + Math.min(asked, wish.largest), job.rows.length);
  return { rows: job.rows.subarray(from, to), next: to < job.rows.length ? locatorOf(job, to) : null };
}

/** The last page's locator is the text `null`. */
export function pageHeaders(page: ResultPage, strikes: readonly Strike[]): Record<string, string> {
  const off = strikeOf(strikes, 'wrong-count')?.fault.by ?? 0;
  const headers = {
    'content-type': 'text/csv;charset=UTF-8',
    'sforce-numberofrecords': String(page.rows.length + off),
  };
  if (strikeOf(strikes, 'no-locator') !== undefined) return headers;
  return { ...headers, 'sforce-locator': page.next ?? 'null' };
}

const PIECE = 131_072;

/** The page as text: the header line, which every page repeats, and its rows. */
export function* pagePieces(csv: CsvPlan, page: ResultPage, strikes: readonly Strike[]): Generator<string | Buffer> {
  const truncate = strikeOf(strikes, 'truncate')?.fault;
  const broken = strikeOf(strikes, 'invalid-utf8')?.fault;
  const last = Math.min(page.rows.length, truncate?.rows ?? Infinity);
  let piece = csv.header;
  for (let at = 0; at < last; at += 1) {
    const line = csv.line(page.rows[at] ?? 0);
    if (broken !== undefined && at === (broken.row ?? 0)) {
      yield piece;
      yield invalidUtf8(line);
      piece = '';
      continue;
    }
    piece += line;
    if (piece.length >= PIECE) {
      yield piece;
      piece = '';
    }
  }
  const half = truncate?.insideRow === true && last < page.rows.length ? csv.line(page.rows[last] ?? 0) : '';
  yield piece + half.slice(0, Math.floor(half.length / 2));
}

/** The line with two bytes after its first value's first character that no UTF-8 text holds. */
function invalidUtf8(line: string): Buffer {
  return Buffer.concat([Buffer.from(line.slice(0, 2)), Buffer.from([0xc3, 0x28]), Buffer.from(line.slice(2))]);
}

/** A number that tells one choice of rows from another. */
export function hashOf(rows: Int32Array): number {
  let hash = rows.length;
  for (const row of rows) hash = (Math.imul(hash, 0x01000193) ^ row) >>> 0;
  return hash;
}

/** Locators are opaque to the client; they differ in length, as in a real org. */
function locatorOf(job: Job, row: number): string {
  return Buffer.from(`${job.id}:${String(row)}`).toString('base64url');
}

function startOf(job: Job, locator: string): number {
  const [id, row] = Buffer.from(locator, 'base64url').toString('utf8').split(':');
  const start = Number(row);
  if (id !== job.id || !Number.isInteger(start) || start < 1 || start >= job.rows.length) {
    throw new Problem(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
  }
  return start;
}
