/** The same promise to everybody who asks; asked again after a failure. */
export function shared<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | null = null;
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = null;
      throw error;
    });
    return opened;
  };
}

/**
 * Begins to open at once, while the database is opened, too. Who asks first gets the outcome of that, a failure as well:
 * a login that was refused must not be tried a second time.
 */
export function inAdvance<T>(open: () => Promise<T>): () => Promise<T> {
  let first: Promise<T> | null = open();
  first.catch(() => undefined);
  return () => {
    const begun = first ?? open();
    first = null;
    return begun;
  };
}
