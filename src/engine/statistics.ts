import { analyzeState } from '../state/records.ts';
import type { KnownState } from './commit-records.ts';
import type { StepDeps } from './step-deps.ts';

/** New records in one step from which the server's statistics of our state are no longer true. */
const MANY_NEW = 10_000;

/**
 * Brings the server's statistics of our state up to date while a step adds to it: a plan made for the few records of an
 * earlier run would compare each new one with all of them. A first load compares with nothing, and waits to the end.
 */
export class Statistics {
  readonly #known: KnownState;
  readonly #deps: Pick<StepDeps, 'scope' | 'tally'>;
  #next = MANY_NEW;

  constructor(known: KnownState, deps: Pick<StepDeps, 'scope' | 'tally'>) {
    this.#known = known;
    this.#deps = deps;
  }

  async keepTrue(): Promise<void> {
    const { inserted } = this.#deps.tally.counts;
    if (!this.#known.records || inserted < this.#next) return;
    this.#next = inserted * 4;
    await analyzeState(this.#deps.scope);
  }

  async atEnd(): Promise<void> {
    if (this.#deps.tally.counts.inserted >= MANY_NEW) await analyzeState(this.#deps.scope);
  }
}
