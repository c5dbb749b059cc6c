/** The entries of an open map of names, without the free `x-` keys. */
export function namedEntries<T>(map: Readonly<Record<string, T>>): (readonly [string, T])[] {
  return Object.entries(map).filter(([name]) => !name.startsWith('x-'));
}
