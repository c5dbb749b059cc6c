import type { TableMapping } from '../config/mapping.ts';
import type { CellReport } from '../flow/cell-report.ts';
import type { CellValue } from '../flow/mapped-batch.ts';
import { type CellReader, compileCell, compileItems, type ItemsReader } from './compile-cell.ts';
import type { TransformContext } from './compile-input.ts';

type Rows = (CellValue[] | null)[];

/**
 * Reads the rows that one record gives a child table: one for each entry of `each`. Of a list table, any number for an
 * entry, and a null ends each entry's rows: validation needs to know whose they are, and takes the nulls away.
 */
export type ChildReader = (values: readonly string[], report: CellReport) => Rows;

export function compileChildRows(table: TableMapping, context: TransformContext): ChildReader {
  const entries = table.each.map((entry) => compileEntry(table, entry.columns, context));
  const { list } = table;
  return (values, report) => {
    const rows: Rows = [];
    for (const read of entries) {
      read(values, report, rows);
      if (list) rows.push(null);
    }
    return rows;
  };
}

type EntryReader = (values: readonly string[], report: CellReport, rows: Rows) => void;

function compileEntry(table: TableMapping, columns: TableMapping['columns'], context: TransformContext): EntryReader {
  const readers = columns.map((column) => compileCell({ table, column }, context));
  const [splitAt, another] = columns.flatMap(({ split }, index) => (split.length > 0 ? [index] : []));
  if (another !== undefined) throw new RangeError(`an entry of ${table.table.name} splits two columns`);
  const splitting = splitAt === undefined ? undefined : columns[splitAt];
  if (splitting === undefined) {
    return (values, report, rows) => {
      rows.push(readRow(readers, values, { report, at: context.at }));
    };
  }
  const items: ItemsReader = compileItems({ table, column: splitting }, context);
  return (values, report, rows) => {
    for (const item of items(values, report)) {
      const ofItem = readers.with(splitAt ?? -1, () => item);
      rows.push(readRow(ofItem, values, { report, at: context.at }));
    }
  };
}

function readRow(
  readers: readonly CellReader[],
  values: readonly string[],
  { report, at }: { readonly report: CellReport; readonly at: TransformContext['at'] },
): CellValue[] {
  const row: CellValue[] = [];
  // Expressions see the columns of the row that stand before theirs.
  at.row = row;
  for (const read of readers) row.push(read(values, report));
  return row;
}
