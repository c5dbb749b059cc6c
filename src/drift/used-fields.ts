import type { Mapping } from '../config/mapping.ts';
import { parseSoql } from '../soql/parse.ts';
import { filteredFields } from '../soql/paths.ts';

/** A field that a mapping asks the org for. */
export interface UsedField {
  readonly object: string;
  /** From that object: `Account.Name`. */
  readonly path: string;
}

/** Every field that a mapping selects, filters by or looks something up by, each once. Nothing of a file's. */
export function usedFields({ source, incremental, lookups }: Mapping): readonly UsedField[] {
  if (source.file !== null) return [];
  const own = [
    ...source.fields,
    ...filteredFields(parseSoql(source.soql)).map(({ path }) => path),
    ...(incremental === null ? [] : [incremental.cursor]),
  ].map((path) => ({ object: source.object, path }));
  const looked = lookups.flatMap(({ object, by, value, where }) => {
    const filtered = where === null ? [] : filteredFields(parseSoql(`SELECT Id FROM ${object} WHERE ${where}`));
    return [by, value, ...filtered.map(({ path }) => path)].map((path) => ({ object, path }));
  });
  const seen = new Set<string>();
  return [...own, ...looked].filter(({ object, path }) => {
    const key = `${object}.${path}`.toLowerCase();
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
