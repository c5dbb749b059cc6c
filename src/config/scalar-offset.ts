import type { Scalar } from 'yaml';

export interface WrittenText {
  readonly type?: Scalar['type'];
  readonly value: string;
  readonly range: readonly [start: number, valueEnd: number, nodeEnd: number];
}

/**
 * Where a character of a text value stands in the file, for every way that YAML has to write a text: plain, quoted,
 * `|` and `>`. Folding and indentation change only white space, so the n-th other character of the value is the n-th
 * other character of the source.
 * @param offset  into the value; its length stands for the end
 * @returns offset into the file
 */
export function scalarOffset(file: string, scalar: WrittenText, offset: number): number {
  const [start, end] = scalar.range;
  const quoted = scalar.type === 'QUOTE_DOUBLE' || scalar.type === 'QUOTE_SINGLE';
  const block = scalar.type === 'BLOCK_LITERAL' || scalar.type === 'BLOCK_FOLDED';
  const from = quoted ? start + 1 : block ? file.indexOf('\n', start) + 1 : start;
  const target = scalar.value.slice(0, offset).replaceAll(/\s/gu, '').length;

  let place = from;
  let last = from;
  for (let seen = 0; place < end;) {
    const width = escapeWidth(file, place, scalar.type);
    if (/\s/u.test(file.charAt(place))) {
      place += 1;
      continue;
    }
    if (seen === target) return place;
    seen += 1;
    place += width;
    last = place;
  }
  return Math.min(last, end);
}

/** Characters of the source that make one of the value. */
function escapeWidth(file: string, place: number, type: Scalar['type']): number {
  if (type === 'QUOTE_SINGLE' && file.startsWith("''", place)) return 2;
  if (type === 'QUOTE_DOUBLE' && file.charAt(place) === '\\') {
    return { x: 4, u: 6, U: 10 }[file.charAt(place + 1)] ?? 2;
  }
  return 1;
}
