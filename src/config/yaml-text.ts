/** Some reader of YAML or other takes these for something else than text. */
const NO_TEXT = /^(?:true|false|null|yes|no|on|off|y|n|~)$/iu;

/** Safe without quotes, also within `{ }` and `[ ]`. */
const PLAIN = /^[\p{L}_](?:[\p{L}\p{N}\p{M} _.()/&+;'’–$-]*[\p{L}\p{N}\p{M}_.()/&+;'’–$-])?$/u;

/** Safe without quotes where nothing stands behind it in its line. */
const PLAIN_ALONE = /^[\p{L}_](?:[\p{L}\p{N}\p{M} _.()/&+;,'’–$-]*[\p{L}\p{N}\p{M}_.()/&+;'’–$-])?$/u;

/** A text that every reader of YAML takes for exactly this text, in quotes where it needs them, as Prettier leaves it. */
export function scalarText(text: string, { alone = false } = {}): string {
  if ((alone ? PLAIN_ALONE : PLAIN).test(text) && !NO_TEXT.test(text)) return text;
  // Only double quotes can hold line breaks and other control characters; JSON is YAML.
  if (/[\p{Cc}\p{Zl}\p{Zp}\uFEFF]/u.test(text)) return JSON.stringify(text);
  if (text.includes("'") && !/["\\]/u.test(text)) return `"${text}"`;
  return `'${text.replaceAll("'", "''")}'`;
}

/** Any value in one line. */
export function flowText(value: unknown): string {
  if (typeof value === 'string') return scalarText(value);
  if (Array.isArray(value)) return `[${value.map((item: unknown) => flowText(item)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).map(([key, part]) => `${scalarText(key)}: ${flowText(part)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
