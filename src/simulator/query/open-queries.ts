import { firstRunning, idMaker } from '../ids.ts';
import { Problem } from '../http/problem.ts';
import type { RestResult } from './rest-query.ts';

interface OpenQuery {
  readonly result: RestResult;
  readonly pageSize: number;
  readonly apiPath: string;
}

const queryId = idMaker('0r8');

/** Queries of which a page is still to be fetched. Pages can be fetched again, in any order. */
export class OpenQueries {
  readonly #open = new Map<string, OpenQuery>();
  #made = firstRunning();

  /** The first page, as JSON text in pieces. */
  first(query: OpenQuery): Iterable<string> {
    this.#made += 1;
    const id = queryId(this.#made);
    if (query.result.records > query.pageSize) this.#open.set(id, query);
    return page(query, id, 0);
  }

  /**
   * A later page by its locator, such as `0r8...-2000`.
   * @throws Problem INVALID_QUERY_LOCATOR for one that was never given or has expired
   */
  next(locator: string): Iterable<string> {
    const [id = '', start = ''] = locator.split('-');
    const query = this.#open.get(id);
    if (query === undefined || !/^\d+$/.test(start)) {
      throw new Problem(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    }
    return page(query, id, Number(start));
  }

  /** All of them unless one is told. */
  expire(locator?: string): void {
    if (locator === undefined) this.#open.clear();
    else this.#open.delete(locator.split('-')[0] ?? '');
  }
}

const RECORDS_A_PIECE = 200;

function* page(query: OpenQuery, id: string, start: number): Generator<string> {
  const { result, pageSize, apiPath } = query;
  const end = Math.min(start + pageSize, result.records);
  const done = end >= result.records;
  const next = done ? '' : `,"nextRecordsUrl":"${apiPath}/query/${id}-${String(end)}"`;
  yield `{"totalSize":${String(result.totalSize)},"done":${String(done)}${next},"records":[`;
  for (let from = start; from < end; from += RECORDS_A_PIECE) {
    let piece = '';
    for (let at = from; at < Math.min(from + RECORDS_A_PIECE, end); at += 1) {
      piece += (at === start ? '' : ',') + result.print(at);
    }
    yield piece;
  }
  yield ']}';
}
