import { quoteText } from '../soql/text-escapes.ts';

/** Texts in one list; the org takes more, but not in a URL. */
const MOST = 200;
/** What the lists of a query may add to its URL, in bytes; together with the rest it stays below 16,384. */
const LONGEST = 8_000;

/**
 * Cuts texts into lists for `IN`: each text once, blank ones left out, short enough for a query by REST.
 * @returns what may stand after IN: `('a', 'b')`; nothing when there is nothing to ask for
 */
export function inLists(texts: Iterable<string | null>): readonly string[] {
  const lists: string[] = [];
  let list: string[] = [];
  let length = 0;
  const close = (): void => {
    if (list.length > 0) lists.push(`(${list.join(',')})`);
    list = [];
    length = 0;
  };
  for (const text of new Set(texts)) {
    if (text === null || text.trim() === '') continue;
    const quoted = quoteText(text);
    // The comma and quotes count with what they become in a URL.
    const room = encodeURIComponent(quoted).length + 3;
    if (list.length === MOST || length + room > LONGEST) close();
    list.push(quoted);
    length += room;
  }
  close();
  return lists;
}
