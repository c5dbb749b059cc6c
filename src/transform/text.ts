const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Without white space at the ends; null for blank. */
export function trim(value: string): string | null {
  const trimmed = value.trim();
  return trimmed === '' ? null : trimmed;
}

/**
 * At most `length` code points, as PostgreSQL counts characters, and none of what a reader takes for one character cut
 * in half: a letter keeps its accents, a family its children. Only a first character that is longer by itself is cut.
 * @param length  in code points, >= 1
 */
export function truncateText(value: string, length: number): string {
  if (value.length <= length) return value;
  const end = unitsOf(value, length);
  if (end === value.length) return value;
  let whole = 0;
  for (const { index, segment } of GRAPHEMES.segment(value)) {
    if (index + segment.length > end) break;
    whole = index + segment.length;
  }
  return value.slice(0, whole === 0 ? end : whole);
}

/** How many UTF-16 units the first `length` code points take. */
function unitsOf(value: string, length: number): number {
  let index = 0;
  for (let count = 0; count < length && index < value.length; count += 1) {
    index += (value.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  }
  return index;
}

/** The first letter large and the rest small, whatever they were. */
export function capitalize(value: string): string {
  const lower = value.toLowerCase();
  const first = String.fromCodePoint(lower.codePointAt(0) ?? 0);
  // `ß` becomes `Ss` and not `SS`.
  const [capital = '', ...more] = first.toUpperCase();
  return lower === '' ? '' : capital + more.join('').toLowerCase() + lower.slice(first.length);
}

/** Only names without a small letter are rewritten: `O'BRIEN-MCDONALD` becomes `O'Brien-McDonald`. */
export function titleCase(value: string): string {
  if (/\p{Ll}/u.test(value)) return value;
  return value.replaceAll(/[^\s'’-]+/gu, (piece) => {
    const word = capitalize(piece);
    const prefix = /^(?:Mac|Mc)/u.exec(word)?.[0];
    return prefix === undefined || word.length <= 3 || word.length === prefix.length
      ? word
      : prefix + capitalize(word.slice(prefix.length));
  });
}

/** Without any of these characters at the ends; null when nothing is left. */
export function stripCharacters(characters: string): (value: string) => string | null {
  const wanted = new Set(characters);
  return (value) => {
    const all = Array.from(value);
    const first = all.findIndex((character) => !wanted.has(character));
    const last = all.findLastIndex((character) => !wanted.has(character));
    const kept = all.slice(Math.max(0, first), last + 1).join('');
    return kept === '' ? null : kept;
  };
}

/**
 * One of the parts between the separators, without white space at its ends; null when there is no such part.
 * @param part  from 1
 */
export function partOf(
  value: string,
  { separator, part, fromEnd }: { readonly separator: string; readonly part: number; readonly fromEnd: boolean },
): string | null {
  return trim(value.split(separator).at(fromEnd ? -part : part - 1) ?? '');
}

/** What is left without so many parts at the start or the end; null when that is nothing. */
export function withoutParts(
  value: string,
  { separator, count, fromEnd }: { readonly separator: string; readonly count: number; readonly fromEnd: boolean },
): string | null {
  const parts = value.split(separator);
  const rest = fromEnd ? parts.slice(0, Math.max(0, parts.length - count)) : parts.slice(count);
  return trim(rest.join(separator));
}
