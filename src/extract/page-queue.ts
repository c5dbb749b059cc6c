import type { ResultPage } from '../salesforce/result-page.ts';

/**
 * Keeps the network busy: asks for the next page as soon as the one before has come over the wire, while its records
 * are still being worked on. At most two pages are held, each with a bound in bytes.
 */
export class PageQueue {
  readonly #ask: (locator: string | null) => Promise<ResultPage>;
  #coming: { readonly locator: string; readonly page: Promise<ResultPage> } | null = null;
  #closed = false;

  constructor(ask: (locator: string | null) => Promise<ResultPage>) {
    this.#ask = ask;
  }

  /** The page at this place: the one that was asked for ahead, or a new reading of it. */
  async take(locator: string | null): Promise<ResultPage> {
    if (this.#coming === null || this.#coming.locator !== locator) return this.#ask(locator);
    const { page } = this.#coming;
    this.#coming = null;
    return page;
  }

  /** Asks for the page at `locator` when the download of `page` is over; whoever takes it sees what went wrong. */
  askAfter(page: ResultPage, locator: string): void {
    if (this.#coming?.locator === locator) return;
    const coming = page.downloaded.then(async () => {
      if (this.#closed) throw new Error('nobody wants the page any more');
      return this.#ask(locator);
    });
    coming.catch(() => undefined);
    this.#coming = { locator, page: coming };
  }

  close(): void {
    this.#closed = true;
    this.#coming?.page.then(
      (page) => page.close(),
      () => undefined,
    );
  }
}
