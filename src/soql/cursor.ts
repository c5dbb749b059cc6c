import { SoqlSyntaxError } from './syntax-error.ts';
import { tokenize, type Token } from './tokenize.ts';

/** Deeper than any query a person writes, and far from the end of the stack. */
const MAX_DEPTH = 200;

/** A place among the tokens of one text, and the small steps that every rule of the grammar is made of. */
export class Cursor {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  /** @param ahead tokens past the present one; past the last it stays the last */
  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)];
    if (token === undefined) throw new Error('a list of tokens has at least its end');
    return token;
  }

  take(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#at += 1;
    return token;
  }

  /** End of the token taken last. */
  get end(): number {
    return this.#tokens[this.#at - 1]?.end ?? 0;
  }

  isSymbol(symbol: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'symbol' && token.text === symbol;
  }

  /** @param keyword in capitals; the text may be in any case */
  isKeyword(keyword: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'word' && token.text.toUpperCase() === keyword;
  }

  skipSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.take();
    return true;
  }

  /** Takes all the words or none of them. */
  skipKeywords(...keywords: readonly string[]): boolean {
    if (!keywords.every((keyword, ahead) => this.isKeyword(keyword, ahead))) return false;
    this.#at += keywords.length;
    return true;
  }

  expectSymbol(symbol: string): void {
    if (!this.skipSymbol(symbol)) throw this.expected(symbol);
  }

  expectKeyword(keyword: string): void {
    if (!this.skipKeywords(keyword)) throw this.expected(keyword);
  }

  /** Takes one of the words and gives it in capitals. */
  expectOneOf<Word extends string>(words: readonly Word[]): Word {
    const found = words.find((word) => this.skipKeywords(word));
    if (found === undefined) throw this.expected(words.join(' or '));
    return found;
  }

  expectWord(what: string): Token {
    if (this.peek().kind !== 'word') throw this.expected(what);
    return this.take();
  }

  expectWholeNumber(what: string): number {
    const token = this.peek();
    if (token.kind !== 'number' || !/^\d{1,15}$/.test(token.text)) throw this.expected(`${what} (a whole number)`);
    return Number(this.take().text);
  }

  /** One or more, with commas between. */
  list<Item>(read: () => Item): Item[] {
    const items = [read()];
    while (this.skipSymbol(',')) items.push(read());
    return items;
  }

  /** Reads something that may hold itself, and stops before the stack would. */
  nested<Item>(read: () => Item): Item {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw this.fail(`nested more than ${String(MAX_DEPTH)} levels deep`);
    const item = read();
    this.#depth -= 1;
    return item;
  }

  expected(what: string, hint = ''): SoqlSyntaxError {
    const token = this.peek();
    const found = token.kind === 'end' ? 'the end of the query' : token.kind === 'string' ? 'a text' : token.text;
    return this.fail(`expected ${what}, found ${found}${hint === '' ? '' : `. ${hint}`}`);
  }

  fail(message: string): SoqlSyntaxError {
    return new SoqlSyntaxError(message, this.peek().offset);
  }
}
