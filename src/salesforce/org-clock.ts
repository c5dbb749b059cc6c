/** The org's own time, by the `Date` header of its last answer. */
export class OrgClock {
  readonly #now: () => Date;
  #aheadMs: number | null = null;

  constructor(now: () => Date) {
    this.#now = now;
  }

  note(dateHeader: string | undefined): void {
    const told = Date.parse(dateHeader ?? '');
    if (!Number.isNaN(told)) this.#aheadMs = told - this.#now().getTime();
  }

  /** @returns null until the org has answered */
  now(): Date | null {
    return this.#aheadMs === null ? null : new Date(this.#now().getTime() + this.#aheadMs);
  }
}
