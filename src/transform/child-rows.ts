import type { TableMapping } from '../config/mapping.ts';
import type { CellReport } from '../flow/cell-report.ts';
import type { CellValue } from '../flow/mapped-batch.ts';
import { compileCell, compileItems } from './compile-cell.ts';
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
  const { at } = context;
  const readers = columns.map((column) => compileCell({ table, column }, context));
  const [splitAt = -1, another] = columns.flatMap(({ split }, index) => (split.length > 0 ? [index] : []));
  if (another !== undefined) throw new RangeError(`an entry of ${table.table.name} splits two columns`);
  const readRow: EntryReader = (values, report, rows) => {
    const row: CellValue[] = [];
    // Expressions see the columns of the row that stand before theirs.
    at.row = row;
    for (const read of readers) row.push(read(values, report));
    rows.push(row);
  };
  const splitting = columns[splitAt];
  if (splitting === undefined) return readRow;
  const items = compileItems({ table, column: splitting }, context);
  let item: CellValue = null;
  readers[splitAt] = () => item;
  return (values, report, rows) => {
    for (item of items(values, report)) readRow(values, report, rows);
  };
}
