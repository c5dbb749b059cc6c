const UNITS = ['WEEK', 'MONTH', 'QUARTER', 'YEAR', 'FISCAL_QUARTER', 'FISCAL_YEAR'];

const PLAIN = new Set(
  ['YESTERDAY', 'TODAY', 'TOMORROW', 'LAST_90_DAYS', 'NEXT_90_DAYS'].concat(
    UNITS.flatMap((unit) => [`LAST_${unit}`, `THIS_${unit}`, `NEXT_${unit}`]),
  ),
);

const COUNTED = new Set(
  ['DAYS', ...UNITS.map((unit) => `${unit}S`)].flatMap((unit) => [`LAST_N_${unit}`, `NEXT_N_${unit}`, `N_${unit}_AGO`]),
);

/** @param word in capitals, such as TODAY or LAST_N_DAYS */
export function isRelativeDate(word: string): boolean {
  return PLAIN.has(word) || COUNTED.has(word);
}

/** Whether a number must follow: LAST_N_DAYS:3. */
export function takesCount(word: string): boolean {
  return COUNTED.has(word);
}
