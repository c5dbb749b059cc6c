import type { TableChange } from '../tables/table-change.ts';

/** One line for each difference: what is safe, what needs a person, what is left alone. */
export function changesText(changes: readonly TableChange[]): string {
  return changes.map((change) => `${mark(change)} ${change.sentence}\n`).join('');
}

function mark({ safe, sql }: TableChange): string {
  if (!safe) return 'UNSAFE ';
  return sql === null ? 'left   ' : 'change ';
}
