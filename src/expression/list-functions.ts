import { type FunctionSpec, plain } from './function-spec.ts';
import { asList, asNumber } from './kinds.ts';
import { membership } from './membership.ts';

export const LIST_FUNCTIONS = {
  first: {
    parameters: [{ name: 'list', accepts: 'list' }],
    result: 'item',
    nulls: 'given',
    what: 'The first item; null when there is none.',
    example: { expression: 'first(split("Ada Lovelace", " "))', gives: 'Ada' },
    make: plain((list) => asList(list ?? null)[0] ?? null),
  },
  nth: {
    parameters: [
      { name: 'list', accepts: 'list' },
      { name: 'n', accepts: ['integer'] },
    ],
    result: 'item',
    nulls: 'given',
    what: 'The item at that place: 1 is the first, -1 the last; null when there is none.',
    example: { expression: 'nth(split("1 Main St, Springfield, MO 65801", ", "), -1)', gives: 'MO 65801' },
    make: plain((list, n) => {
      const place = asNumber(n ?? null);
      return place === 0 ? null : (asList(list ?? null).at(place > 0 ? place - 1 : place) ?? null);
    }),
  },
  one_of: {
    parameters: [
      { name: 'x', accepts: 'anything' },
      { name: 'list', accepts: 'list' },
    ],
    result: 'boolean',
    nulls: 'given',
    what: 'Whether the value is among the items; the same as `x in list`.',
    example: { expression: 'one_of("Student", ["Student", "Teacher"])', gives: 'true' },
    make: ([, list]) => membership(list),
  },
} as const satisfies Readonly<Record<string, FunctionSpec>>;
