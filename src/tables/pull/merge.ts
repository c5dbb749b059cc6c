import type { TableFile, TableFileColumn } from '../../config/schema/table.ts';
import type { ColumnDraft, PullWarning, TableDraft } from './pulled.ts';

/**
 * A draft with what only a person knows, from the file that it replaces: descriptions, `owner`, `pii`, `touch` and `x-`
 * keys of the columns that are still there. Guesses are for columns that the file did not have.
 */
export function mergeDraft(
  draft: TableDraft,
  before: TableFile,
): { readonly draft: TableDraft; readonly warnings: readonly PullWarning[] } {
  const columns = draft.columns.map((column) => {
    const written = Object.hasOwn(before.columns, column.name) ? before.columns[column.name] : undefined;
    return written === undefined ? column : mergeColumn(column, written);
  });
  const known = new Set([...draft.columns.map(({ name }) => name), ...(draft.primaryKey ?? [])]);
  const gone = Object.keys(before.columns).filter((name) => !name.startsWith('x-') && !known.has(name));
  return {
    draft: { ...draft, columns, description: before.description ?? draft.description, free: freeKeys(before) },
    warnings: gone.map((name) => ({
      table: draft.table,
      column: name,
      code: 'column_gone',
      message: 'The file had a column that the table has no more, or that cannot be said; it is left out.',
      next: 'Correct the mappings that name it: `sluice lint` finds them.',
    })),
  };
}

function mergeColumn(column: ColumnDraft, written: TableFileColumn): ColumnDraft {
  const { owner, pii, touch, description } = written;
  // A time that is touched must still be one, and what the database computes stays out of every import.
  const isTime = column.type === 'timestamp';
  const kept = { pii, touch: isTime ? (touch ?? null) : null, owner: column.generated ? column.owner : owner };
  return {
    ...column,
    ...kept,
    description: description ?? column.description,
    free: freeKeys(written),
    notes: column.notes.filter((note) => !note.endsWith('by its name')),
  };
}

/** Keys that begin with `x-`, which no schema knows. */
function freeKeys(written: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(written).filter(([key]) => key.startsWith('x-')));
}
