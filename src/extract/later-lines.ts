import { hash } from 'node:crypto';

/** Lines in the order of a file: as often as one likes, always the same. */
export type Ids = () => AsyncIterable<readonly string[]>;

export interface Counted {
  readonly lines: number;
  /** Lines, counted from 0, whose id stands in a later line again. */
  readonly superseded: ReadonlySet<number>;
}

/** Digits of a hash that a number holds without loss. */
const HASH_DIGITS = 13;

/**
 * Finds the lines that a later line replaces, with eight bytes of memory a line: the first walk keeps a short hash of
 * each id; only where two are equal, a second one looks at the ids themselves.
 * @param ids  of each line; '' for none
 */
export async function findSuperseded(ids: Ids): Promise<Counted> {
  const hashes = new NumberList();
  let lines = 0;
  for await (const some of ids()) {
    lines += some.length;
    for (const id of some) if (id !== '') hashes.add(shortHash(id));
  }
  const twice = hashes.twice();
  const superseded = new Set<number>();
  if (twice.size === 0) return { lines, superseded };
  const last = new Map<string, number>();
  let line = 0;
  for await (const some of ids()) {
    for (const id of some) {
      if (id !== '' && twice.has(shortHash(id))) {
        const earlier = last.get(id);
        if (earlier !== undefined) superseded.add(earlier);
        last.set(id, line);
      }
      line += 1;
    }
  }
  return { lines, superseded };
}

function shortHash(id: string): number {
  return Number.parseInt(hash('sha256', id, 'hex').slice(0, HASH_DIGITS), 16);
}

class NumberList {
  #numbers = new Float64Array(1024);
  #count = 0;

  add(number: number): void {
    if (this.#count === this.#numbers.length) {
      const larger = new Float64Array(this.#count * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#count] = number;
    this.#count += 1;
  }

  /** Those that are in the list more than once. */
  twice(): ReadonlySet<number> {
    const sorted = this.#numbers.subarray(0, this.#count).toSorted();
    const found = new Set<number>();
    for (let at = 1; at < sorted.length; at += 1) {
      const number = sorted[at];
      if (number !== undefined && number === sorted[at - 1]) found.add(number);
    }
    return found;
  }
}
