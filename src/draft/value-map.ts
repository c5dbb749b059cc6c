/** A value map for a picklist: the org's value on the left, ours on the right. */
export interface DraftMap extends MapValues {
  readonly name: string;
  readonly description: string;
}

interface MapValues {
  readonly ignoreCase: boolean;
  readonly values: readonly (readonly [theirs: string, ours: string])[];
}

/** Longer lists (countries, time zones, ...) are nothing that a person would keep in a file. */
const MOST_VALUES = 100;

/** @returns null where a map would be of no use: no values, or too many */
export function ourValues(picklist: readonly string[]): MapValues | null {
  const values = [...new Set(picklist.map((value) => value.trim()))].filter((value) => value !== '');
  if (values.length === 0 || values.length > MOST_VALUES) return null;
  const folded = new Set(values.map((value) => value.toLowerCase()));
  return { ignoreCase: folded.size === values.length, values: pairs(values) };
}

/** `In Progress` becomes `in_progress`; values that would become the same (A+ and A-) stay as the org has them. */
function pairs(values: readonly string[]): (readonly [string, string])[] {
  const short = values.map(shortForm);
  return values.map((value, index) => {
    const own = short[index] ?? '';
    const isAlone = own !== '' && short.indexOf(own) === index && short.lastIndexOf(own) === index;
    return [value, isAlone ? own : value];
  });
}

function shortForm(value: string): string {
  return value
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .replaceAll(/^_+|_+$/gu, '')
    .normalize('NFC');
}
