import { ExpressionProblem } from './problem.ts';

/** What the parser says of a text that it cannot read. */
interface SyntaxFault {
  readonly code: string;
  readonly summary: string;
  readonly offset: number;
}

const CLOSING: Readonly<Record<string, string>> = { RPAREN: ')', RBRACKET: ']', COLON: ':', RBRACE: '}' };

/** Signs and words of other languages, as they stand where the reader stumbles or just before. */
const FOREIGN: readonly (readonly [found: RegExp, write: string])[] = [
  [/^=(?!=)/, 'Compare with ==.'],
  [/^&(?!&)|^and\b/i, 'Write && for "and".'],
  [/^\|(?!\|)|^or\b/i, 'Write || for "or".'],
  [/^<>/, 'Write != for "differs from".'],
  [/^not\b/i, 'Write ! for "not": !blank(x).'],
  [/^is\b/i, 'Write == null or != null.'],
  [/^like\b/i, 'Write contains(x, "..."), starts_with(x, "...") or matches(x, "...").'],
  [/^between\b/i, 'Write x >= 1 && x <= 9.'],
  [/^[“”‘’„«»]/, 'Write straight quotation marks: "text".'],
  [/^;/, 'An expression ends without a semicolon.'],
  [/^`/, 'Write texts in "..." and names that are no words as row["..."].'],
  [/^in\b/, 'A column with this name is written row["in"].'],
];

const LIMITS: readonly (readonly [named: string, message: string])[] = [
  ['maxDepth', 'the expression is nested too deeply'],
  ['maxListElements', 'a list has too many items'],
  ['maxCallArguments', 'a function is given too many arguments'],
];

/** Faults that a sign or word of another language leads to. */
const STUMBLES: ReadonlySet<string> = new Set(['unexpected_character', 'unexpected_token', 'expected_token']);

/** The parser's fault in words for the author of a mapping. */
export function problemOf(fault: SyntaxFault, text: string): ExpressionProblem {
  const offset = Math.min(fault.offset, text.length);
  const suggestion = STUMBLES.has(fault.code) ? foreignAt(text, offset) : null;
  return new ExpressionProblem(messageOf(fault, text, offset), offset, suggestion === null ? {} : { suggestion });
}

function messageOf(fault: SyntaxFault, text: string, offset: number): string {
  switch (fault.code) {
    case 'limit_exceeded':
      return LIMITS.find(([named]) => fault.summary.includes(named))?.[1] ?? 'the expression has too many parts';
    case 'unterminated_string':
    case 'unterminated_triple_quoted_string':
      return 'this text is never closed: a quotation mark is missing';
    case 'newline_in_string':
      return 'a text ends on the line where it begins: write \\n for a new line';
    case 'reserved_identifier':
      return `"${wordAt(text, offset)}" is a word of the language; a column with this name is row.${wordAt(text, offset)}`;
    case 'invalid_macro_argument':
      return 'the first argument here is a name for the item: part, as in split(x, ";").exists(part, blank(part))';
    case 'unexpected_character':
    case 'unexpected_token':
    case 'expected_token':
      return unexpected(fault, text, offset);
    default:
      // Numbers and escapes that cannot be read: the parser's own words say what is wrong with them.
      return fault.summary.charAt(0).toLowerCase() + fault.summary.slice(1);
  }
}

function unexpected(fault: SyntaxFault, text: string, offset: number): string {
  const missing = /^Expected (\w+)/.exec(fault.summary)?.[1];
  const closing = missing === undefined ? undefined : CLOSING[missing];
  if (closing !== undefined) return `a ${closing} is missing here`;
  const rest = text.slice(offset);
  if (rest.trim() === '') return 'the expression ends too early';
  return `"${wordAt(text, offset)}" is not expected here`;
}

/** The word or sign at a place. */
function wordAt(text: string, offset: number): string {
  return /^(?:\w+|.)/su.exec(text.slice(offset))?.[0] ?? '';
}

function foreignAt(text: string, offset: number): string | null {
  const wordBefore = /(\w+|[<>=!&|])\s*$/u.exec(text.slice(0, offset))?.[0] ?? '';
  for (const place of [text.slice(offset), wordBefore + text.slice(offset)]) {
    const known = FOREIGN.find(([found]) => found.test(place));
    if (known !== undefined) return known[1];
  }
  return null;
}
