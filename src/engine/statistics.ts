import { analyzeState } from '../state/records.ts';
import type { KnownState } from './commit-deps.ts';
import type { StepDeps } from './step-deps.ts';

/** New records in one step from which the server's statistics of our state are no longer true. */
const MANY_NEW = 10_000;
/** The same where each new record is compared with those that came before it. */
const SOME_NEW = 500;
/** So many times as many records make the server choose other plans. */
const GROWTH = 4;

/**
 * Brings the server's statistics of our state up to date while a step adds to it: a plan made for the few records of an
 * earlier run would compare each new one with all of them. A first load compares with nothing, and waits to the end,
 * unless its records may meet in one row: those are compared with the ones before.
 */
export class Statistics {
  readonly #deps: Pick<StepDeps, 'scope' | 'tally'>;
  readonly #compares: boolean;
  #next: number;
  /** New records when the statistics were last made. */
  #known = 0;

  /** @param contested  true when several records may meet in one row */
  constructor(known: KnownState, contested: boolean, deps: Pick<StepDeps, 'scope' | 'tally'>) {
    this.#deps = deps;
    this.#compares = known.records || contested;
    this.#next = contested ? SOME_NEW : MANY_NEW;
  }

  async keepTrue(): Promise<void> {
    const { inserted } = this.#deps.tally.counts;
    if (!this.#compares || inserted < this.#next) return;
    this.#next = inserted * GROWTH;
    this.#known = inserted;
    await analyzeState(this.#deps.scope);
  }

  async atEnd(): Promise<void> {
    const { inserted } = this.#deps.tally.counts;
    if (inserted >= MANY_NEW && inserted > this.#known * GROWTH) await analyzeState(this.#deps.scope);
  }
}
