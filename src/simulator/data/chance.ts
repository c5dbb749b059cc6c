/**
 * Chance without state: the same seed, purpose and index give the same number, in any order, on any machine.
 * So every row can be made when it is asked for, and none needs to be kept.
 */

/** A whole number in [0, 2^32), spread evenly (the finaliser of MurmurHash3 over the three inputs). */
export function hash(seed: number, purpose: number, index: number): number {
  let mixed = Math.imul(seed ^ Math.imul(index + 1, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(purpose + 1, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** A place in [0, below). */
export function place(random: number, below: number): number {
  return Math.floor((random / 0x1_0000_0000) * below);
}

/** One of the values; `random` is a `hash`. */
export function pick<Value>(random: number, values: readonly Value[]): Value {
  const value = values[place(random, values.length)];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
}

/**
 * Shuffles [0, size) without a list: each index gets a rank of its own, so that "the first 500 ranks" are 500 rows
 * spread over all.
 */
export function ranksOf(seed: number, size: number): (index: number) => number {
  let step = Math.max(1, Math.floor(size * 0.6180339887) + (hash(seed, 1, size) % 97));
  while (commonDivisor(step, Math.max(1, size)) !== 1) step += 1;
  const start = size === 0 ? 0 : hash(seed, 2, size) % size;
  // step and index stay far below 2^26 each, so their product is exact.
  return (index) => (index * step + start) % size;
}

function commonDivisor(first: number, second: number): number {
  return second === 0 ? first : commonDivisor(second, first % second);
}

/** The values one after the other, so that a few rows hold all of them. */
export function inTurn<Value>(index: number, values: readonly Value[]): Value {
  const value = values[index % values.length];
  if (value === undefined) throw new Error('nothing to take turns with');
  return value;
}
