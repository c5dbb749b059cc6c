import type { RunReport } from '../flow/run-events.ts';
import type { MissingRows, ValueDifference } from './report.ts';

/** What a preview of reading everything again would change in rows that are here. */
export function valueDifferences({ steps }: Pick<RunReport, 'steps'>): readonly ValueDifference[] {
  return steps.flatMap(({ mapping, changes = {} }) =>
    Object.entries(changes).map(([column, change]) => ({ mapping, column, ...change })),
  );
}

/** What it would add. */
export function missingRows({ steps }: Pick<RunReport, 'steps'>): readonly MissingRows[] {
  return steps.flatMap(({ mapping, tables }) =>
    Object.entries(tables)
      .filter(([, { inserted }]) => inserted > 0)
      .map(([table, { inserted }]) => ({ mapping, table, rows: inserted })),
  );
}
