import { isRecord } from '../is-record.ts';
import { publishedSchema } from './published.ts';

const FOR_READERS = new Set(['description', '$comment']);
const MAPS = new Set(['properties', 'patternProperties']);
const PARTS = new Set(['items', 'additionalProperties']);

/**
 * The schema as a compiler takes it: every part that occurs in several places stands once, under `$defs`, and what is
 * only for readers is left out. It accepts and fills in exactly what the published one does.
 */
export function compactSchema(schema: object): object {
  const parts = new Map<string, { readonly name: string; readonly part: object }>();
  const share = (part: object): object => {
    // A default is looked for where the part is named.
    const { default: fallback, ...own } = compact(part, share);
    const beside = fallback === undefined ? {} : { default: fallback };
    // One value is as quick in place, and Ajv tells more about it there.
    if (!Object.keys(own).some((key) => MAPS.has(key) || PARTS.has(key))) return { ...own, ...beside };
    const text = JSON.stringify(own);
    const known = parts.get(text) ?? { name: `p${String(parts.size)}`, part: own };
    parts.set(text, known);
    return { $ref: `#/$defs/${known.name}`, ...beside };
  };
  const root = compact(publishedSchema(schema), share);
  return { ...root, $defs: Object.fromEntries([...parts.values()].map(({ name, part }) => [name, part])) };
}

function compact(schema: object, share: (part: object) => object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => !FOR_READERS.has(key))
      .map(([key, value]): [string, unknown] => {
        if (!isRecord(value)) return [key, value];
        if (PARTS.has(key)) return [key, share(value)];
        if (!MAPS.has(key)) return [key, value];
        const entries = Object.entries(value).map(([name, part]) => [name, isRecord(part) ? share(part) : part]);
        return [key, Object.fromEntries(entries)];
      }),
  );
}
