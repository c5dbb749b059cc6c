/**
 * A small reader of the SQL that PostgreSQL prints for CHECK constraints and defaults (`pg_get_expr`). It knows what
 * ranges, lists of values and plain defaults are made of; anything else is not read, and is then told to a person.
 */
export type SqlExpression =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'constant'; readonly text: string; readonly form: 'text' | 'number' | 'word' }
  | { readonly kind: 'call'; readonly name: string; readonly inputs: readonly SqlExpression[] }
  | { readonly kind: 'cast'; readonly input: SqlExpression; readonly type: string }
  | { readonly kind: 'list'; readonly items: readonly SqlExpression[] }
  | { readonly kind: 'compare'; readonly sign: string; readonly left: SqlExpression; readonly right: SqlExpression }
  | { readonly kind: 'is_null'; readonly input: SqlExpression; readonly not: boolean }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly SqlExpression[] };

/** @returns null for an expression that is more than this reader knows */
export function readSql(text: string): SqlExpression | null {
  const tokens = tokenize(text);
  if (tokens === null) return null;
  const reader = new Reader(tokens);
  try {
    const expression = reader.either();
    return reader.atEnd() ? expression : null;
  } catch (error) {
    if (error instanceof NotKnown) return null;
    throw error;
  }
}

class NotKnown extends Error {}

interface Token {
  readonly kind: 'word' | 'quoted' | 'text' | 'number' | 'sign';
  readonly text: string;
}

const TOKEN =
  /\s*(?:(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|"(?<quoted>(?:[^"]|"")+)"|(?<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)|'(?<text>(?:[^']|'')*)'|(?<sign>::|>=|<=|<>|[-+=<>()[\],.]))/uy;

function tokenize(text: string): Token[] | null {
  const tokens: Token[] = [];
  const end = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end.length) {
    const groups = TOKEN.exec(end)?.groups;
    // PostgreSQL prints no E'...' where standard_conforming_strings is on, as on all our connections.
    if (groups === undefined || (tokens.at(-1)?.text === 'E' && groups['text'] !== undefined)) return null;
    for (const kind of ['word', 'quoted', 'text', 'number', 'sign'] as const) {
      const found = groups[kind];
      if (found !== undefined) tokens.push({ kind, text: found.replaceAll("''", "'").replaceAll('""', '"') });
    }
  }
  return tokens;
}

const SIGNS = new Set(['=', '<', '>', '<=', '>=', '<>']);

/** By descent: OR, AND, comparison, cast, atom. */
class Reader {
  private place = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  atEnd(): boolean {
    return this.place === this.tokens.length;
  }

  either(): SqlExpression {
    return this.joined('or', () => this.joined('and', () => this.comparison()));
  }

  private joined(kind: 'and' | 'or', next: () => SqlExpression): SqlExpression {
    const first = next();
    const parts = [first];
    while (this.takeWord(kind)) parts.push(next());
    return parts.length === 1 ? first : { kind, parts };
  }

  private comparison(): SqlExpression {
    const left = this.casts();
    const sign = this.peek();
    if (sign?.kind === 'sign' && SIGNS.has(sign.text)) {
      this.place += 1;
      if (!this.takeWord('any')) return { kind: 'compare', sign: sign.text, left, right: this.casts() };
      this.need('(');
      const right = this.either();
      this.need(')');
      return { kind: 'compare', sign: `${sign.text} any`, left, right };
    }
    if (!this.takeWord('is')) return left;
    const not = this.takeWord('not');
    if (!this.takeWord('null')) throw new NotKnown();
    return { kind: 'is_null', input: left, not };
  }

  private casts(): SqlExpression {
    let input = this.atom();
    for (;;) {
      if (this.takeSign('::')) input = { kind: 'cast', input, type: this.typeName() };
      else if (this.takeWord('at')) {
        if (!this.takeWord('time') || !this.takeWord('zone')) throw new NotKnown();
        input = { kind: 'call', name: 'timezone', inputs: [this.casts(), input] };
      } else return input;
    }
  }

  private atom(): SqlExpression {
    const token = this.peek();
    this.place += 1;
    if (token?.kind === 'text') return { kind: 'constant', text: token.text, form: 'text' };
    if (token?.kind === 'number') return { kind: 'constant', text: token.text, form: 'number' };
    if (token?.kind === 'quoted') return { kind: 'name', name: token.text };
    if (token?.kind === 'word') return this.word(token.text);
    if (token?.text === '(') {
      const inner = this.either();
      this.need(')');
      return inner;
    }
    const number = token?.text === '-' ? this.peek() : undefined;
    if (number?.kind !== 'number') throw new NotKnown();
    this.place += 1;
    return { kind: 'constant', text: `-${number.text}`, form: 'number' };
  }

  private word(text: string): SqlExpression {
    const lower = text.toLowerCase();
    if (lower === 'array') {
      this.need('[');
      return { kind: 'list', items: this.listUntil(']') };
    }
    if (lower === 'not' || lower === 'case') throw new NotKnown();
    if (this.takeSign('(')) return { kind: 'call', name: lower, inputs: this.listUntil(')') };
    if (CONSTANTS.has(lower)) return { kind: 'constant', text: lower, form: 'word' };
    return FUNCTION_WORDS.has(lower) ? { kind: 'call', name: lower, inputs: [] } : { kind: 'name', name: text };
  }

  private listUntil(end: string): SqlExpression[] {
    const items: SqlExpression[] = [];
    if (this.takeSign(end)) return items;
    do items.push(this.either());
    while (this.takeSign(','));
    this.need(end);
    return items;
  }

  /** Words, a modifier in brackets, `[]`: as it stands, with one space between words. */
  private typeName(): string {
    const first = this.peek();
    if (first?.kind !== 'word' && first?.kind !== 'quoted') throw new NotKnown();
    this.place += 1;
    let name = first.text;
    if (this.takeSign('.')) {
      name = `${name}.${this.peek()?.text ?? ''}`;
      this.place += 1;
    }
    for (let word = this.peek(); word?.kind === 'word' && TYPE_WORDS.has(word.text); word = this.peek()) {
      name += ` ${word.text}`;
      this.place += 1;
    }
    if (this.takeSign('(')) this.listUntil(')');
    for (let word = this.peek(); word?.kind === 'word' && TYPE_WORDS.has(word.text); word = this.peek()) {
      name += ` ${word.text}`;
      this.place += 1;
    }
    while (this.takeSign('[')) this.need(']');
    return name;
  }

  private peek(): Token | undefined {
    return this.tokens[this.place];
  }

  private takeWord(word: string): boolean {
    const token = this.peek();
    if (token?.kind !== 'word' || token.text.toLowerCase() !== word) return false;
    this.place += 1;
    return true;
  }

  private takeSign(sign: string): boolean {
    const token = this.peek();
    if (token?.kind !== 'sign' || token.text !== sign) return false;
    this.place += 1;
    return true;
  }

  private need(sign: string): void {
    if (!this.takeSign(sign)) throw new NotKnown();
  }
}

const CONSTANTS = new Set(['true', 'false', 'null']);
const FUNCTION_WORDS = new Set(['current_timestamp', 'current_date', 'localtimestamp']);
const TYPE_WORDS = new Set(['varying', 'precision', 'with', 'without', 'time', 'zone']);
