/**
 * A record's values made safe to show, field by field.
 * @param reveal  fields whose values are no secret (`privacy.reveal`), or `all` when a person has asked for them
 */
export function maskRecord(
  record: Readonly<Record<string, string>>,
  reveal: ReadonlySet<string> | 'all',
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).map(([field, value]) => [
      field,
      reveal === 'all' || reveal.has(field) ? value : maskValue(value),
    ]),
  );
}

/**
 * What kind of value it is and about how long, which is often all that is needed to mend a record. Nothing of the value
 * itself can be had back: the same words stand for very many values.
 * @returns '' for a blank value, else a description in brackets
 */
export function maskValue(value: string): string {
  if (value === '') return '';
  return `[${kindOf(value)}, ${lengthClass(Array.from(value).length)}]`;
}

const KINDS: readonly (readonly [string, RegExp])[] = [
  ['blank text', /^\s*$/],
  ['true or false', /^(true|false)$/i],
  ['date', /^\d{4}-\d{2}-\d{2}$/],
  ['date and time', /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})$/],
  ['number', /^[+-]?\d+(\.\d+)?$/],
  ['e-mail address', /^[^\s@]+@[^\s@]+\.[^\s@]+$/],
  ['Salesforce id', /^(?=.*\d)[a-zA-Z0-9]{15}([A-Z0-5]{3})?$/],
  ['text with a NUL character', /\0/],
  ['text', /^/],
];

function kindOf(value: string): string {
  return KINDS.find(([, form]) => form.test(value))?.[0] ?? 'text';
}

const LONGEST_OF_CLASS = [5, 20, 50, 100, 255, 1000, 10_000, 131_072];

/** In characters; classes and not lengths, because a length narrows a name down. */
function lengthClass(length: number): string {
  const longest = LONGEST_OF_CLASS.find((most) => length <= most);
  return longest === undefined ? 'more than 131072 characters' : `up to ${longest} characters`;
}
