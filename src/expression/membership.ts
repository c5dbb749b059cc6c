import { asList, type Value } from './kinds.ts';

/** Whether a value is among the items of a list; a list that is written out is looked up, not gone through. */
export function membership(written: Value | undefined): (...args: Value[]) => boolean {
  if (written === undefined || written === null) return (x, list) => asList(list ?? null).includes(x ?? null);
  const items = new Set(asList(written));
  return (x) => items.has(x ?? null);
}
