import type { OrgData } from './data/org-data.ts';
import type { Table } from './data/table.ts';
import { toId18 } from './ids.ts';
import { fieldOf, type FieldSchema } from './schema/object-schema.ts';

/** A row that names another one in a lookup. */
export interface Reference {
  readonly table: Table;
  readonly lookup: FieldSchema;
  readonly index: number;
}

/**
 * Rows that are not deleted and name one of the records in a lookup. Who merged into whom is no such lookup: a merged
 * record keeps the master that it was merged into.
 * @param ids in 18 characters
 */
export function referencesTo(data: OrgData, object: string, ids: ReadonlySet<string>): Reference[] {
  return data.all.flatMap((table) => {
    const lookups = table.whole.fields.filter(
      (field) => field.referenceTo?.includes(object) === true && field.name !== 'MasterRecordId',
    );
    return lookups.flatMap((lookup) =>
      rowsNaming(table, lookup, ids).map((index): Reference => ({ table, lookup, index })),
    );
  });
}

function rowsNaming(table: Table, lookup: FieldSchema, ids: ReadonlySet<string>): number[] {
  const column = table.column(lookup);
  const isDeleted = deletedIn(table);
  const rows: number[] = [];
  for (let index = 0; index < table.size; index += 1) {
    const value = column(index);
    if (typeof value !== 'string' || !ids.has(toId18(value) ?? value)) continue;
    if (!isDeleted(index)) rows.push(index);
  }
  return rows;
}

/** Whether a row is in the bin, or gone from there. */
export function deletedIn(table: Table): (index: number) => boolean {
  const field = fieldOf(table.whole, 'IsDeleted');
  const deleted = field === undefined ? () => false : table.column(field);
  return (index) => table.isPurged(index) || deleted(index) === true;
}
