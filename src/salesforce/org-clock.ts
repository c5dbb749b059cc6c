/**
 * The org's own time, by the `Date` header of its last answer and the time since. That is counted by a clock that nobody
 * sets: a watermark from a clock that was put forward in between would pass by what is changed until then.
 */
export class OrgClock {
  readonly #steadyMs: () => number;
  #told: { readonly ms: number; readonly at: number } | null = null;

  constructor(steadyMs: () => number = () => performance.now()) {
    this.#steadyMs = steadyMs;
  }

  note(dateHeader: string | undefined): void {
    const ms = Date.parse(dateHeader ?? '');
    if (!Number.isNaN(ms)) this.#told = { ms, at: this.#steadyMs() };
  }

  /** @returns null until the org has answered */
  now(): Date | null {
    return this.#told === null ? null : new Date(this.#told.ms + this.#steadyMs() - this.#told.at);
  }
}
