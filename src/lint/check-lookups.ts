import type { Problem } from '../config/problem.ts';
import type { LintedMapping } from './linted-mapping.ts';
import { finding } from './rules.ts';
import { writtenParts } from './written-parts.ts';

/** Side queries that no column asks. */
export function lookupProblems({ mapping, file }: LintedMapping): readonly Problem[] {
  const used = new Set(writtenParts(file.value).map(({ lookup }) => lookup));
  return mapping.lookups
    .filter(({ name }) => !used.has(name))
    .map(({ name, position }) =>
      finding('unused-lookup', position, `No column uses the lookup "${name}".`, 'Remove it, or use it.'),
    );
}
