import { SoqlSyntaxError } from './syntax-error.ts';

export type TokenKind = 'word' | 'string' | 'number' | 'date' | 'datetime' | 'symbol' | 'end';

/** `text` is what stands in the query; for a string, what stands between the quotes. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly offset: number;
  readonly end: number;
}

const SPACE = /\s+/y;
const WORD = /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/y;
const DATETIME = /[+-]?\d{1,4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})/iy;
const DATE = /\d{1,4}-\d{2}-\d{2}(?![\w:-])/y;
const NUMBER = /[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.:-])/y;
const SYMBOL = /<=|>=|<>|!=|[(),:=<>]/y;
const ESCAPE = /\\(?:[nNrRtTbBfF"'\\_%]|u[0-9A-Fa-f]{4})/y;

const HINTS: Readonly<Record<string, string>> = {
  '*': 'SOQL has no SELECT *: name the fields, or write FIELDS(ALL) with LIMIT 200',
  '"': 'SOQL texts stand in single quotes',
  ';': 'a query ends without a semicolon',
  '-': 'SOQL has no comments and no arithmetic',
  '/': 'SOQL has no comments and no arithmetic',
  '!': 'write != or NOT',
};

/**
 * Cuts a query into tokens; the last one is always `end`.
 * @throws SoqlSyntaxError for a character, number or escape that SOQL does not know, or a text that is never closed
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at = matchAt(SPACE, text, at)?.end ?? at;
    if (at >= text.length) break;
    const token = text[at] === "'" ? readString(text, at) : readPlain(text, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', text: '', offset: text.length, end: text.length });
  return tokens;
}

function readPlain(text: string, at: number): Token {
  for (const [kind, pattern] of PLAIN) {
    const found = matchAt(pattern, text, at);
    if (found !== null) return { kind, ...found };
  }
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (/[\d.+]/.test(character) || /^-[\d.]/.test(text.slice(at, at + 2))) {
    throw new SoqlSyntaxError('not a number, date (2024-05-06) or date-time (2024-05-06T07:08:09Z)', at);
  }
  const hint = HINTS[character];
  throw new SoqlSyntaxError(`unexpected ${character}${hint === undefined ? '' : `: ${hint}`}`, at);
}

const PLAIN: readonly (readonly [TokenKind, RegExp])[] = [
  ['word', WORD],
  ['datetime', DATETIME],
  ['date', DATE],
  ['number', NUMBER],
  ['symbol', SYMBOL],
];

function readString(text: string, start: number): Token {
  let at = start + 1;
  while (at < text.length && text[at] !== "'") {
    if (text[at] === '\\') {
      const escape = matchAt(ESCAPE, text, at);
      if (escape === null) throw new SoqlSyntaxError(`SOQL does not know the escape ${text.slice(at, at + 2)}`, at);
      at = escape.end;
    } else at += 1;
  }
  if (at >= text.length) throw new SoqlSyntaxError("this text is never closed: a ' is missing", start);
  return { kind: 'string', text: text.slice(start + 1, at), offset: start, end: at + 1 };
}

function matchAt(pattern: RegExp, text: string, at: number): { text: string; offset: number; end: number } | null {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  return found === null ? null : { text: found[0], offset: at, end: at + found[0].length };
}
