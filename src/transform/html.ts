import { trim } from './text.ts';

const TAG = /<[^>]*>/gu;

/** Tags removed, every run of white space one space. */
export function stripHtml(value: string): string | null {
  return collapse(value.replaceAll(TAG, ''));
}

/** What a person reads of it, on one line: no tags, no styles, entities as the characters that they stand for. */
export function htmlToText(value: string): string | null {
  const text = value
    .replaceAll(/<!--.*?-->/gsu, '')
    .replaceAll(/<(script|style|head)\b[^>]*>.*?<\/\1\s*>/gisu, ' ')
    // What ends a line on the screen must not glue two words.
    .replaceAll(/<\/?(?:br|p|div|li|ul|ol|tr|td|th|table|h[1-6]|hr|blockquote|section|article)\b[^>]*>/giu, ' ')
    .replaceAll(TAG, '');
  return collapse(decodeHtml(text));
}

/** The address of the first link; of a text without one, the text. */
export function firstLink(value: string): string | null {
  const found = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')/iu.exec(value);
  return trim(found === null ? value : decodeHtml(found[1] ?? found[2] ?? ''));
}

/** `&amp;`, `&#233;` and `&#xE9;` as the characters that they stand for; what stands for none stays as it is. */
export function decodeHtml(value: string): string {
  if (!value.includes('&')) return value;
  return value.replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}\d?));/giu, (written, decimal, hex, name) => {
    if (typeof name === 'string') return ENTITIES.get(name) ?? ENTITIES.get(name.toLowerCase()) ?? written;
    const point = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
    return isCharacter(point) ? String.fromCodePoint(point) : written;
  });
}

/** NUL is for no database, and half of a pair for no text. */
function isCharacter(point: number): boolean {
  return point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
}

function collapse(value: string): string | null {
  return trim(value.replaceAll(/\s+/gu, ' '));
}

/** Latin letters by the first code point of their block, as HTML 4 named them: `Agrave` is U+00C0. */
const LATIN =
  'Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde ' +
  'Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig ' +
  'agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ' +
  'ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';

/** U+00A0 to U+00BF. */
const SIGNS =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr ' +
  'deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest';

/** Those of HTML 4 that people's texts hold; mail programs write the others as numbers. */
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ...SIGNS.split(' ').map((name, index) => [name, String.fromCodePoint(0xa0 + index)] as const),
  ...LATIN.split(' ').map((name, index) => [name, String.fromCodePoint(0xc0 + index)] as const),
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['ndash', '–'],
  ['mdash', '—'],
  ['lsquo', '‘'],
  ['rsquo', '’'],
  ['sbquo', '‚'],
  ['ldquo', '“'],
  ['rdquo', '”'],
  ['bdquo', '„'],
  ['lsaquo', '‹'],
  ['rsaquo', '›'],
  ['bull', '•'],
  ['hellip', '…'],
  ['dagger', '†'],
  ['permil', '‰'],
  ['euro', '€'],
  ['trade', '™'],
  ['minus', '−'],
  ['larr', '←'],
  ['rarr', '→'],
  ['uarr', '↑'],
  ['darr', '↓'],
  ['ensp', '\u2002'],
  ['emsp', '\u2003'],
  ['thinsp', '\u2009'],
  ['zwnj', '\u200C'],
  ['zwj', '\u200D'],
  ['OElig', 'Œ'],
  ['oelig', 'œ'],
  ['Scaron', 'Š'],
  ['scaron', 'š'],
  ['Yuml', 'Ÿ'],
  ['circ', 'ˆ'],
  ['tilde', '˜'],
]);
