import type { IncomingHttpHeaders } from 'node:http';
import type { SalesforceSettings } from '../config/project.ts';
import { SyncError } from '../errors/sync-error.ts';

/** API calls of this run, and of the whole org in the last 24 hours as it told us last. */
export interface Usage {
  /** HTTP calls to the API by this run; a poll and a result page count as any other. */
  readonly calls: number;
  /** Calls of everybody; null until the org has told. */
  readonly used: number | null;
  /** The org's daily quota; null until the org has told. */
  readonly limit: number | null;
}

/** Counts calls and stops before the quota that belongs to others. */
export class ApiUsage {
  readonly #budget: SalesforceSettings['apiBudget'];
  #calls = 0;
  #used: number | null = null;
  #limit: number | null = null;

  constructor(budget: SalesforceSettings['apiBudget']) {
    this.#budget = budget;
  }

  get now(): Usage {
    return { calls: this.#calls, used: this.#used, limit: this.#limit };
  }

  /**
   * Counts one call that is about to be made.
   * @throws SyncError API_BUDGET_SPENT when it would go past the budget
   */
  take(): void {
    const mine = this.#mine();
    if (mine !== null && this.#calls >= mine) {
      throw new SyncError('API_BUDGET_SPENT', `this run has made the ${String(mine)} API calls that it may make`);
    }
    if (this.#used !== null && this.#limit !== null) {
      const open = Math.floor(this.#limit * (1 - this.#budget.keepFree));
      if (this.#used >= open) {
        const said = `${String(this.#used)} of ${String(this.#limit)} API calls of the org are used`;
        throw new SyncError('API_BUDGET_SPENT', `${said}, and the rest is kept free`);
      }
    }
    this.#calls++;
  }

  /** Counts a call that tidies up after us: it is made even when the budget is spent. */
  takeAnyway(): void {
    this.#calls++;
  }

  /** Reads what the org tells with each REST answer; Bulk answers may say nothing. */
  note(headers: IncomingHttpHeaders): void {
    const told = /api-usage=(\d+)\/(\d+)/.exec(String(headers['sforce-limit-info'] ?? ''));
    if (told === null) return;
    this.#used = Number(told[1]);
    this.#limit = Number(told[2]);
  }

  #mine(): number | null {
    const { perRun } = this.#budget;
    if (perRun === null) return null;
    if ('calls' in perRun) return perRun.calls;
    return this.#limit === null ? null : Math.floor(this.#limit * perRun.share);
  }
}
