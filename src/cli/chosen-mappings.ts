import type { Mapping } from '../config/mapping.ts';
import { didYouMean } from '../config/nearest.ts';
import type { Project } from '../config/project.ts';
import { SyncError } from '../errors/sync-error.ts';

/**
 * The mappings of these names; a name of several sources means all of them; none means all.
 * @throws SyncError NOT_FOUND
 */
export function chosenMappings({ mappings }: Project, names: readonly string[]): readonly Mapping[] {
  const known = mappings.flatMap(({ name, group }) => (group === null ? [name] : [name, group]));
  for (const name of names) {
    if (known.includes(name)) continue;
    const meant = didYouMean(name, known);
    throw new SyncError('NOT_FOUND', `There is no mapping "${name}".${meant === null ? '' : ` ${meant}`}`, {
      actions: ['Run `sluice mapping list` to see their names.'],
    });
  }
  if (names.length === 0) return mappings;
  return mappings.filter(({ name, group }) => names.includes(name) || (group !== null && names.includes(group)));
}
