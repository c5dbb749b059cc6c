/** Seeded chance: the same seed gives the same draws on every machine. */
export class Chance {
  #state: number;

  /** @param parts  numbers that name what is drawn: a seed, an event's place */
  constructor(...parts: readonly number[]) {
    this.#state = parts.reduce((sum, part) => mix(sum ^ mix(part)), 0x9e37_79b9);
  }

  /** From 0 to 1, without 1. */
  draw(): number {
    this.#state = (this.#state + 0x6d2b_79f5) | 0;
    return (mix(this.#state) >>> 0) / 0x1_0000_0000;
  }

  /** A whole number, both ends included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.draw() * (high - low + 1));
  }

  /** @param share  from 0 to 1 */
  happens(share: number): boolean {
    return this.draw() < share;
  }

  pick<T>(some: readonly [T, ...T[]]): T;
  pick<T>(some: readonly T[]): T | undefined;
  pick<T>(some: readonly T[]): T | undefined {
    return some[Math.floor(this.draw() * some.length)];
  }

  /** One of the names, as often as its weight says. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name {
    const all = Object.entries<number>(weights);
    let left = this.draw() * all.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of all) {
      left -= weight;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a key of the record
      if (left < 0) return name as Name;
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a key of the record
    return all[0]?.[0] as Name;
  }
}

/** The finalizer of MurmurHash3. */
function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}
