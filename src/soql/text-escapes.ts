const LETTERS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** What a text between quotes means: `O\'Neil` is O'Neil. */
export function unescapeText(raw: string): string {
  if (!raw.includes('\\')) return raw;
  return raw.replaceAll(/\\(?:u([0-9A-Fa-f]{4})|([^]))/g, (_all, code: string | undefined, letter: string) =>
    code === undefined ? (LETTERS[letter.toLowerCase()] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": String.raw`\'`,
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
  '\b': String.raw`\b`,
  '\f': String.raw`\f`,
};

/** A text as a query has it, with its quotes: whatever it holds, it stays one text. Not for LIKE, where % and _ mean more. */
export function quoteText(value: string): string {
  const escaped = value.replaceAll(
    // oxlint-disable-next-line no-control-regex -- they may be in a value, and must not reach the query as they are
    /[\u0000-\u001F'\\]/g,
    (letter) => ESCAPES[letter] ?? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `'${escaped}'`;
}
