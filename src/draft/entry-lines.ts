import { flowText, scalarText } from '../config/yaml-text.ts';

/** YAML as people here write it, and as Prettier leaves it: one line a column while it fits. */
export type Attribute = string | number | boolean | readonly Attribute[] | { readonly [key: string]: Attribute };
export type Attributes = Readonly<Record<string, Attribute>>;

const WIDTH = 120;

/** `key: value`, `key: { a: b }` or, where that is too long, the key with its parts below. */
export function entryLines(key: string, value: Attribute, indent: string): string[] {
  const head = `${indent}${scalarText(key)}:`;
  if (typeof value === 'string') return [`${head} ${scalarText(value, { alone: true })}`];
  const line = `${head} ${flowText(value)}`;
  if (line.length <= WIDTH || typeof value !== 'object') return [line];
  if (isList(value)) return [head, ...value.map((item) => `${indent}  - ${flowText(item)}`)];
  return [head, ...Object.entries(value).flatMap(([name, part]) => entryLines(name, part, `${indent}  `))];
}

function isList(value: Attribute): value is readonly Attribute[] {
  return Array.isArray(value);
}

/** A remark of any length, each line with its `#`; lines that begin with a space are examples and stay whole. */
export function commentLines(text: string, indent: string): string[] {
  const lines = text
    .split('\n')
    .flatMap((line) => (line.startsWith(' ') ? [line] : wrapped(line, WIDTH - indent.length - 2)));
  return lines.map((line) => `${indent}# ${line}`);
}

/** Words in lines of at most so many characters. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
