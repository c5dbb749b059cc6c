/**
 * Reads up to `count` items before they are asked for, so that the stage before works while the one behind does.
 * An error is thrown where its item would have come; leaving the loop early closes the source.
 * @param count  items held ready beside the one in use, >= 1
 */
export async function* ahead<T>(items: AsyncIterable<T>, count: number): AsyncGenerator<T, void, undefined> {
  const source = items[Symbol.asyncIterator]();
  const coming: Promise<IteratorResult<T>>[] = [];
  const pull = (): void => {
    const next = source.next();
    // Whoever takes the item sees its error; until then it must not count as unhandled.
    next.catch(() => undefined);
    coming.push(next);
  };
  try {
    pull();
    for (;;) {
      const next = await coming.shift();
      if (next === undefined || next.done === true) return;
      while (coming.length < count) pull();
      yield next.value;
    }
  } finally {
    await source.return?.();
  }
}
