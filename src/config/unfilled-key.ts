import { didYouMean } from './nearest.ts';
import type { MappingContext } from './resolve-context.ts';

/** Tells of key columns that the mapping does not fill: no row could be found by them. */
export function reportUnfilledKey(
  {
    path,
    key,
    filled,
  }: { readonly path: readonly string[]; readonly key: readonly string[]; readonly filled: string[] },
  { file, sink }: Pick<MappingContext, 'file' | 'sink'>,
): void {
  for (const [index, name] of key.entries()) {
    if (filled.includes(name)) continue;
    const place = file.yaml.at([...path, 'key', index]);
    sink.report(
      'key-unmapped',
      place,
      `The key column "${name}" is not filled by this mapping.`,
      didYouMean(name, filled),
    );
  }
}
