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
  /** Calls that one run may make by its own budget; null when it has none, or nobody has told yet of what it is a share. */
  readonly mine: number | null;
  /** Calls that may still be made; null when nothing limits them, or nobody has told yet what does. */
  readonly left: number | null;
}

/** Counts calls and stops before the quota that belongs to others. */
export class ApiUsage {
  readonly #budget: SalesforceSettings['apiBudget'];
  #calls = 0;
  /** What the org told last, and how many calls we had made then: some answers tell nothing. */
  #told: { readonly used: number; readonly limit: number; readonly calls: number } | null = null;

  constructor(budget: SalesforceSettings['apiBudget']) {
    this.#budget = budget;
  }

  get now(): Usage {
    const lefts = [this.#leftToMe(), this.#leftOpen()].filter((left) => left !== null);
    return {
      calls: this.#calls,
      used: this.#used(),
      limit: this.#told?.limit ?? null,
      mine: this.#mine(),
      left: lefts.length === 0 ? null : Math.max(0, Math.min(...lefts)),
    };
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
    const open = this.#leftOpen();
    if (open !== null && open <= 0) {
      const said = `${String(this.#used())} of ${String(this.#told?.limit)} API calls of the org are used`;
      throw new SyncError('API_BUDGET_SPENT', `${said}, and the rest is kept free`);
    }
    this.#calls++;
  }

  /** Counts a call that tidies up after us: it is made even when the budget is spent. */
  takeAnyway(): void {
    this.#calls++;
  }

  /** Takes back a call that the org turned away at its door, where it does not count. */
  giveBack(): void {
    this.#calls--;
  }

  /** Reads what the org tells with each REST answer; Bulk answers may say nothing. */
  note(headers: IncomingHttpHeaders): void {
    const told = LIMIT_INFO.exec(String(headers['sforce-limit-info'] ?? ''));
    if (told === null) return;
    this.#told = { used: Number(told[1]), limit: Number(told[2]), calls: this.#calls };
  }

  #used(): number | null {
    return this.#told === null ? null : this.#told.used + this.#calls - this.#told.calls;
  }

  #mine(): number | null {
    const { perRun } = this.#budget;
    if (perRun === null) return null;
    if ('calls' in perRun) return perRun.calls;
    return this.#told === null ? null : Math.floor(this.#told.limit * perRun.share);
  }

  #leftToMe(): number | null {
    const mine = this.#mine();
    return mine === null ? null : mine - this.#calls;
  }

  /** Calls until only what is kept free is left. */
  #leftOpen(): number | null {
    const used = this.#used();
    if (this.#told === null || used === null) return null;
    return this.#told.limit - Math.ceil(this.#told.limit * this.#budget.keepFree) - used;
  }
}

const LIMIT_INFO = /api-usage=(\d+)\/(\d+)/;

/**
 * Whether the org has counted a call that it refused: a session that has expired, a spent quota and trouble before the
 * API (maintenance, overload) are turned away uncounted, and then it does not tell its usage either.
 */
export function isCounted(status: number, headers: IncomingHttpHeaders, body: string): boolean {
  if (status === 401 || /REQUEST_LIMIT_EXCEEDED/.test(body)) return false;
  const isBusy = status === 420 || status === 429 || status >= 500;
  return !isBusy || LIMIT_INFO.test(String(headers['sforce-limit-info'] ?? ''));
}
