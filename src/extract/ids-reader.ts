import type { SourceBatch } from '../flow/source-batch.ts';
import { formatSoql } from '../soql/format.ts';
import { parseSoql } from '../soql/parse.ts';
import { withCondition, withLimit, withOrderBy } from '../soql/rewrite.ts';
import { inLists } from './in-lists.ts';
import { RestReader, type RestReaderDeps } from './rest-reader.ts';
import type { ReadRequest, RowReader } from './row-reader.ts';

/**
 * Reads records again by their ids, by REST and in lists. Each list is a slice; ids that the mapping's query does not
 * mean any more, or that are no Salesforce ids, give nothing.
 */
export class IdsReader implements RowReader {
  readonly #request: ReadRequest;
  readonly #deps: Pick<RestReaderDeps, 'salesforce' | 'signal'>;
  readonly #lists: readonly string[];
  #reader: RestReader | null = null;
  #list = 0;

  constructor(request: ReadRequest, ids: readonly string[], deps: Pick<RestReaderDeps, 'salesforce' | 'signal'>) {
    this.#request = request;
    this.#deps = deps;
    this.#lists = inLists(ids);
  }

  async next(): Promise<SourceBatch | null> {
    for (;;) {
      const list = this.#lists[this.#list];
      if (list === undefined) return null;
      this.#reader ??= this.#readerOf(list);
      const batch = await this.#reader.next();
      if (batch !== null)
        return { ...batch, slice: { kind: 'ids', ordinal: this.#list + 1, job: null, locator: null } };
      this.#reader = null;
      this.#list += 1;
    }
  }

  async close(): Promise<void> {
    await this.#reader?.close();
  }

  #readerOf(list: string): RestReader {
    const all = withOrderBy(withLimit(parseSoql(this.#request.soql), null), null);
    const soql = formatSoql(withCondition(all, `Id IN ${list}`));
    return new RestReader({ ...this.#request, soql, limit: null }, null, {
      ...this.#deps,
      onExpected: () => undefined,
    });
  }
}
