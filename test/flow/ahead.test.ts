import { describe, expect, it } from '@jest/globals';
import { ahead } from '../../src/flow/ahead.ts';

/** Numbers from 1, with a record of which were made. */
function numbers(count: number, failAt = Infinity) {
  const made: number[] = [];
  const state = { made, closed: false };
  async function* make(): AsyncGenerator<number> {
    try {
      for (let number = 1; number <= count; number++) {
        await Promise.resolve();
        if (number === failAt) throw new Error(`no ${String(number)}`);
        made.push(number);
        yield number;
      }
    } finally {
      state.closed = true;
    }
  }
  return { state, items: make() };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
}

describe('reading ahead', () => {
  it('gives all items in their order', async () => {
    const given: number[] = [];
    for await (const number of ahead(numbers(5).items, 2)) given.push(number);

    expect(given).toEqual([1, 2, 3, 4, 5]);
  });

  it('makes so many items before they are asked for, and no more', async () => {
    const { state, items } = numbers(9);
    const reading = ahead(items, 2);

    await reading.next();
    await turns();

    expect(state.made).toEqual([1, 2, 3]);
    await reading.return();
  });

  it('makes nothing before the first item is asked for', async () => {
    const { state, items } = numbers(3);
    ahead(items, 1);
    await turns();

    expect(state.made).toEqual([]);
  });

  it('throws an error where its item would have come', async () => {
    const given: number[] = [];
    const reading = async (): Promise<void> => {
      for await (const number of ahead(numbers(5, 3).items, 3)) {
        given.push(number);
        await turns();
      }
    };

    await expect(reading()).rejects.toThrow('no 3');
    expect(given).toEqual([1, 2]);
  });

  it('closes its source when the loop is left', async () => {
    const { state, items } = numbers(9);
    for await (const number of ahead(items, 1)) if (number === 2) break;

    expect(state.closed).toBe(true);
  });
});
