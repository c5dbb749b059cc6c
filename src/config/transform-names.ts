import { didYouMean } from './nearest.ts';

export type ArgumentKind = 'text' | 'whole number' | 'value' | 'list of values';

export interface TransformArgument {
  readonly kind: ArgumentKind;
  readonly optional?: true;
}

export interface TransformSpec {
  readonly what: string;
  readonly args: Readonly<Record<string, TransformArgument>>;
}

/** Every built-in transform that a mapping may name; what each does is in `src/transform/transforms.ts`. */
export const TRANSFORM_NAMES = {
  trim: { what: 'Spaces at both ends removed; a blank text becomes null.', args: {} },
  lower: { what: 'Lower case.', args: {} },
  upper: { what: 'Upper case.', args: {} },
  title_case: { what: 'Names in capitals get one capital a word; others stay.', args: {} },
  collapse_spaces: { what: 'Every run of white space becomes one space.', args: {} },
  truncate: { what: 'At most `length` characters; the rest is dropped.', args: { length: { kind: 'whole number' } } },
  strip_html: { what: 'Tags removed.', args: {} },
  digits: { what: 'Everything but digits removed.', args: {} },
  integer: { what: 'A number without its fraction: 9.0 becomes 9.', args: {} },
  grade: { what: 'A school grade: K becomes 0, 9.0 becomes 9.', args: {} },
  boolean: { what: 'true, yes, y, t and 1 become true, anything else false.', args: {} },
  date: { what: 'The day of a date or of a date and time, as written.', args: {} },
  datetime: { what: 'A date and time.', args: {} },
  salesforce_id: { what: 'A Salesforce id.', args: {} },
  replace: {
    what: 'Every `from` becomes `to`.',
    args: { from: { kind: 'text' }, to: { kind: 'text', optional: true } },
  },
  default: { what: 'A null becomes `value`.', args: { value: { kind: 'value' } } },
  null_if: { what: 'Each of `values` becomes null.', args: { values: { kind: 'list of values' } } },
  split_first: { what: 'What stands before the first `separator`.', args: { separator: { kind: 'text' } } },
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
    if (value === undefined)
      return [{ argument: null, message: `The transform needs the argument "${name}".`, suggestion: null }];
    return isOfKind(value, kind) || (optional && value === '')
      ? []
      : [{ argument: name, message: `"${name}" must be a ${kind}.`, suggestion: null }];
  });
}

function isOfKind(value: unknown, kind: ArgumentKind): boolean {
  const single = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  switch (kind) {
    case 'text':
      return typeof value === 'string' && value !== '';
    case 'whole number':
      return typeof value === 'number' && Number.isInteger(value) && value > 0;
    case 'value':
      return single;
    case 'list of values':
      break;
  }
  return single || (Array.isArray(value) && value.length > 0 && value.every((item) => isOfKind(item, 'value')));
}
