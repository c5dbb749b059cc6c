import type { YAMLError } from 'yaml';
import type { ConfigRule } from './rules.ts';

/** What the parser found, in the words of somebody who edits the file. */
export interface YamlTrouble {
  readonly rule: ConfigRule;
  readonly message: string;
  readonly suggestion: string | null;
  /** Offset in the text. */
  readonly offset: number;
}

type Words = readonly [message: string, suggestion: string];

const OPEN: Words = [
  'The indentation does not fit the lines around it.',
  'Lines that belong together start at the same column. Or a bracket above is still open.',
];
const NOT_ALONE: Words = [
  'A `: ` stands where a text goes on, or the line below is indented too far.',
  'Put a text that holds `: ` in quotes.',
];
const QUOTED: Words = [
  'Something follows where the value has ended.',
  'Put the whole value in quotes; inside single quotes, write a single quote twice.',
];

const WORDS: Readonly<Partial<Record<YAMLError['code'], Words>>> = {
  TAB_AS_INDENT: ['A tab stands at the beginning of the line.', 'Indent with spaces, two for each step.'],
  BAD_INDENT: OPEN,
  BLOCK_IN_FLOW: [
    'A comma is missing, or a bracket above is still open.',
    'Within { } and [ ], write a comma between the entries.',
  ],
  BLOCK_AS_IMPLICIT_KEY: NOT_ALONE,
  MULTILINE_IMPLICIT_KEY: ['A `: ` is missing after the key.', 'Write `key: value`, with a space after the colon.'],
  UNEXPECTED_TOKEN: QUOTED,
  BAD_SCALAR_START: ['A text cannot begin with this sign.', 'Put the value in quotes.'],
  BAD_DQ_ESCAPE: ['A backslash in double quotes begins a sign of its own.', 'Use single quotes.'],
  MULTIPLE_DOCS: ['A second document begins here; a file holds one.', 'Give it a file of its own.'],
  TAG_RESOLVE_FAILED: ['Tags that begin with ! are not known here.', 'Put the value in quotes.'],
};

/**
 * Of the parser's errors, what a person can act on: up to the first that breaks the text. Everything behind that one is
 * read as something that nobody wrote.
 */
export function yamlTroubles(errors: readonly YAMLError[]): readonly YamlTrouble[] {
  const troubles = errors.map(troubleOf).toSorted((a, b) => a.offset - b.offset);
  const broken = troubles.findIndex(({ rule }) => rule === 'yaml-syntax');
  return broken === -1 ? troubles : troubles.slice(0, broken + 1);
}

function troubleOf({ code, message, pos }: YAMLError): YamlTrouble {
  const [offset] = pos;
  if (code === 'DUPLICATE_KEY') {
    return { rule: 'duplicate-key', message: 'This key is written twice in the same map.', suggestion: null, offset };
  }
  if (code === 'BAD_ALIAS') return { rule: 'yaml-alias', message, suggestion: null, offset };
  const [said, suggestion] = wordsOf(code, message);
  return { rule: 'yaml-syntax', message: said, suggestion, offset };
}

function wordsOf(code: YAMLError['code'], message: string): readonly [string, string | null] {
  if (code === 'MISSING_CHAR') {
    if (message.includes('quote'))
      return ['A quote that opens here or above is not closed.', 'Close it at the end of its text.'];
    if (message.startsWith('Implicit map keys')) return WORDS.MULTILINE_IMPLICIT_KEY ?? [message, null];
  }
  return WORDS[code] ?? [`${message}.`, null];
}
