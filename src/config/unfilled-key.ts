import { didYouMean } from './nearest.ts';
import type { MappingContext } from './resolve-context.ts';
import type { YamlPath } from './yaml-file.ts';

/**
 * Tells of key columns that the mapping does not fill: no row could be found by them.
 * @param path  of the key
 */
export function reportUnfilledKey(
  {
    path,
    key,
    filled,
  }: { readonly path: YamlPath; readonly key: readonly string[]; readonly filled: readonly string[] },
  { file, sink }: Pick<MappingContext, 'file' | 'sink'>,
): void {
  for (const [index, name] of key.entries()) {
    if (filled.includes(name)) continue;
    const place = file.yaml.at([...path, index]);
    sink.report(
      'key-unmapped',
      place,
      `The key column "${name}" is not filled by this mapping.`,
      didYouMean(name, filled),
    );
  }
}
