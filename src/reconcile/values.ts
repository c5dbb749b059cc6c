import type { RunReport } from '../flow/run-events.ts';
import type { ValueDifference } from './report.ts';

/** What a preview of reading everything again would change in rows that are here, the most first. */
export function valueDifferences({ steps }: Pick<RunReport, 'steps'>): readonly ValueDifference[] {
  return steps
    .flatMap(({ mapping, changes = {} }) =>
      Object.entries(changes).map(([column, change]) => ({ mapping, column, ...change })),
    )
    .toSorted((a, b) => b.rows - a.rows);
}
