import { didYouMean } from './nearest.ts';

export type ArgumentKind = 'text' | 'whole number' | 'number' | 'true or false' | 'value' | 'list of values';

export interface TransformArgument {
  readonly kind: ArgumentKind;
  readonly optional?: true;
}

export interface TransformSpec {
  readonly what: string;
  readonly args: Readonly<Record<string, TransformArgument>>;
  /** True when it changes nothing the second time: a promise that is tested. */
  readonly idempotent?: true;
}

const SEPARATOR = { kind: 'text' } as const;
const FROM_END = { kind: 'true or false', optional: true } as const;
const REPLACEMENT = { from: { kind: 'text' }, to: { kind: 'text', optional: true } } as const;

/** Every built-in transform that a mapping may name; what each does is in `src/transform/transforms.ts`. */
export const TRANSFORM_NAMES = {
  trim: { what: 'Spaces at both ends removed; a blank text becomes null.', args: {}, idempotent: true },
  collapse_spaces: { what: 'Every run of white space becomes one space.', args: {}, idempotent: true },
  lower: { what: 'Lower case.', args: {}, idempotent: true },
  upper: { what: 'Upper case.', args: {}, idempotent: true },
  capitalize: { what: 'The first letter in upper case, the others in lower case.', args: {}, idempotent: true },
  title_case: {
    what: "Names in capitals get one capital a word, as in O'Brien-McDonald; others stay.",
    args: {},
    idempotent: true,
  },
  strip: {
    what: 'None of these `characters` at the ends; nothing left becomes null.',
    args: { characters: { kind: 'text' } },
    idempotent: true,
  },
  truncate: {
    what: 'At most `length` characters; the rest is dropped, and counted as a warning.',
    args: { length: { kind: 'whole number' } },
    idempotent: true,
  },
  prefix: { what: '`text` before it; null stays null.', args: { text: { kind: 'text' } } },
  suffix: { what: '`text` after it; null stays null.', args: { text: { kind: 'text' } } },
  only_prefix: {
    what: 'Null unless it begins with `prefix`, as the ids of one Salesforce object do.',
    args: { prefix: { kind: 'text' } },
    idempotent: true,
  },
  replace: { what: 'Every `from` becomes `to`; without `to` it is removed.', args: REPLACEMENT },
  replace_start: { what: '`from` at the start becomes `to`; what begins otherwise stays.', args: REPLACEMENT },
  split_first: { what: 'What stands before the first `separator`.', args: { separator: SEPARATOR }, idempotent: true },
  split_part: {
    what: 'The `part`-th of the parts between the separators, from 1; with `from_end: true` counted from the end.',
    args: { separator: SEPARATOR, part: { kind: 'whole number' }, from_end: FROM_END },
  },
  drop_parts: {
    what: 'What is left without the first `count` parts; with `from_end: true` without the last ones.',
    args: { separator: SEPARATOR, count: { kind: 'whole number' }, from_end: FROM_END },
  },
  digits: { what: 'Everything but digits removed.', args: {}, idempotent: true },
  strip_html: { what: 'Tags removed, white space collapsed; entities stay.', args: {}, idempotent: true },
  decode_html: { what: 'Entities such as `&amp;` become the characters that they stand for.', args: {} },
  html_to_text: { what: 'What a person reads of HTML: no tags, entities decoded, white space collapsed.', args: {} },
  first_link: { what: 'The address of the first link in HTML; of other text, the text.', args: {} },
  integer: { what: 'A number without its fraction: 9.0 becomes 9.', args: {}, idempotent: true },
  grade: {
    what: 'A school grade: K becomes 0, 9.0 becomes 9; PK becomes the value of `pk`, where that is given.',
    args: { pk: { kind: 'number', optional: true } },
    idempotent: true,
  },
  clamp: {
    what: 'A number below `min` becomes `min`, one above `max` becomes `max`.',
    args: { min: { kind: 'number', optional: true }, max: { kind: 'number', optional: true } },
    idempotent: true,
  },
  positive: { what: 'Zero and numbers below become null.', args: {}, idempotent: true },
  boolean: {
    what: 'true, yes, y, t and 1 become true, anything else false; null stays null.',
    args: {},
    idempotent: true,
  },
  date: { what: 'The day of a date or of a date and time, as written.', args: {}, idempotent: true },
  datetime: { what: 'A date and time, with its offset, as written.', args: {}, idempotent: true },
  salesforce_id: { what: 'A Salesforce id in its 18-character form.', args: {}, idempotent: true },
  default: {
    what: 'A null becomes `value`; an empty text ("") is written as such.',
    args: { value: { kind: 'value' } },
    idempotent: true,
  },
  null_if: {
    what: 'Each of `values` becomes null.',
    args: { values: { kind: 'list of values' } },
    idempotent: true,
  },
} as const satisfies Record<string, TransformSpec>;

export function transformSpec(name: string): TransformSpec | null {
  return new Map<string, TransformSpec>(Object.entries(TRANSFORM_NAMES)).get(name) ?? null;
}

interface ArgumentProblem {
  /** Null when the argument is not there. */
  readonly argument: string | null;
  readonly message: string;
  readonly suggestion: string | null;
}

/** What is wrong with the arguments of a transform: one sentence each. */
export function argumentProblems(
  transform: string,
  spec: TransformSpec,
  args: Readonly<Record<string, unknown>>,
): { readonly argument: string | null; readonly message: string; readonly suggestion: string | null }[] {
  const unknown = Object.keys(args)
    .filter((name) => !Object.hasOwn(spec.args, name))
    .map((name) => ({
      argument: name,
      message: `The transform takes no argument "${name}".`,
      suggestion: didYouMean(name, Object.keys(spec.args)),
    }));
  // A misspelt argument is told once, not a second time as one that is missing.
  if (unknown.length > 0) return unknown;
  return Object.entries(spec.args).flatMap(([name, { kind, optional }]): ArgumentProblem[] => {
    const value = args[name];
    if (value === undefined && optional) return [];
    if (value === undefined) {
      const suggestion = `Write { ${transform}: { ${name}: ${EXAMPLES[kind]} } }.`;
      return [{ argument: null, message: `The transform needs the argument "${name}".`, suggestion }];
    }
    return isOfKind(value, kind) || (optional && value === '')
      ? []
      : [{ argument: name, message: `"${name}" must be a ${kind}.`, suggestion: null }];
  });
}

const EXAMPLES: Readonly<Record<ArgumentKind, string>> = {
  text: "'...'",
  'whole number': '50',
  number: '0.5',
  'true or false': 'true',
  value: "'...'",
  'list of values': "['...']",
};

function isOfKind(value: unknown, kind: ArgumentKind): boolean {
  const single = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  switch (kind) {
    case 'text':
      return typeof value === 'string' && value !== '';
    case 'whole number':
      return typeof value === 'number' && Number.isInteger(value) && value > 0;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'true or false':
      return typeof value === 'boolean';
    case 'value':
      return single;
    case 'list of values':
      break;
  }
  return single || (Array.isArray(value) && value.length > 0 && value.every((item) => isOfKind(item, 'value')));
}
