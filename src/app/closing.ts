/** What was opened and must be closed again, the last one first. */
export interface Closing {
  /** Remembers how to close something. */
  add(close: () => Promise<void>): void;
  /** Closes everything, also when one of them fails. Safe to call twice: both calls wait for the same end. */
  close(): Promise<void>;
}

/** @param onError  told of each failure; a failed close must hide neither the others nor why the command ended */
export function closing(onError: (error: unknown) => void): Closing {
  const open: (() => Promise<void>)[] = [];
  let ended: Promise<void> | null = null;
  const closeAll = async (): Promise<void> => {
    for (let next = open.pop(); next !== undefined; next = open.pop()) await next().catch(onError);
  };
  return {
    add: (close) => void open.push(close),
    close: () => (ended ??= closeAll()),
  };
}
