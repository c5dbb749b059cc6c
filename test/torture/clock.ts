/** The org's clock: it stands still until somebody waits. */
export class Clock {
  #now = Date.parse('2030-01-01T00:00:00Z');

  now(): Date {
    return new Date(this.#now);
  }

  /** Salesforce stamps in whole seconds. */
  second(): number {
    return Math.floor(this.#now / 1000) * 1000;
  }

  wait(ms: number): void {
    this.#now += ms;
  }
}
