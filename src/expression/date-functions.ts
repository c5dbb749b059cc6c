import { daysBetween, yearsBetween } from './dates.ts';
import { type FunctionSpec, plain } from './function-spec.ts';
import { asText } from './kinds.ts';

const DAY = ['date', 'timestamp'] as const;

const between = (
  run: (from: string, to: string) => number,
  words: Pick<FunctionSpec, 'what' | 'example'>,
): FunctionSpec => ({
  parameters: [
    { name: 'from', accepts: DAY },
    { name: 'to', accepts: DAY },
  ],
  result: 'integer',
  nulls: 'given',
  make: plain((from, to) => run(asText(from ?? null).slice(0, 10), asText(to ?? null).slice(0, 10))),
  ...words,
});

export const DATE_FUNCTIONS = {
  years: between(yearsBetween, {
    what: 'Whole years from one day to another, as birthdays count them; negative when `to` comes first.',
    example: { expression: 'years(date("2010-09-01"), date("2026-08-31"))', gives: '15' },
  }),
  days: between(daysBetween, {
    what: 'Days from one day to another; negative when `to` comes first.',
    example: { expression: 'days(date("2026-02-27"), date("2026-03-01"))', gives: '2' },
  }),
} as const satisfies Readonly<Record<string, FunctionSpec>>;
