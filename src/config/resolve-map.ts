import type { ValueMap } from './mapping.ts';
import { didYouMean } from './nearest.ts';
import type { MappingContext } from './resolve-context.ts';
import type { YamlPath } from './yaml-file.ts';

type WrittenMap = string | Readonly<Record<string, string | number | boolean>>;

/**
 * The map that a column names, or that is written in place.
 * @param place  the name for one written in place, and where it stands
 */
export function resolveMap(
  written: WrittenMap,
  place: { readonly name: string; readonly path: YamlPath },
  { maps, file, sink }: MappingContext,
): ValueMap | null {
  if (typeof written !== 'string') {
    return { name: place.name, values: foldValues(written, false), ignoreCase: false };
  }
  const map = maps.get(written);
  if (map === undefined) {
    const said = `There is no map "${written}".`;
    sink.report('unknown-map', file.yaml.at(place.path), said, didYouMean(written, maps.keys()));
  }
  return map ?? null;
}

/** Values by their source value, folded where case does not count. */
export function foldValues(
  written: Readonly<Record<string, string | number | boolean>>,
  ignoreCase: boolean,
): Readonly<Record<string, string>> {
  const fold = (key: string): string => (ignoreCase ? key.trim().toLowerCase() : key);
  return Object.fromEntries(Object.entries(written).map(([key, value]) => [fold(key), String(value)]));
}
