const LETTERS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** What a text between quotes means: `O\'Neil` is O'Neil. */
export function unescapeText(raw: string): string {
  if (!raw.includes('\\')) return raw;
  return raw.replaceAll(/\\(?:u([0-9A-Fa-f]{4})|([^]))/g, (_all, code: string | undefined, letter: string) =>
    code === undefined ? (LETTERS[letter.toLowerCase()] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
