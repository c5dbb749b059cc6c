import type { TableMapping } from '../config/mapping.ts';
import type { CellValue } from '../flow/mapped-batch.ts';
import type { CellReport } from '../flow/cell-report.ts';
import type { CellCheck } from './compile-cell.ts';

type Rows = (CellValue[] | null)[];

/** Checks in place the rows that one record gives a child table: index-aligned with `each`, null where there is none. */
export type ChildRows = (rows: Rows, report: CellReport) => Rows;

/** Compiles a child table's rules: checks, no row for a blank value, one row a key, at most one primary. */
export function compileChildRows(table: TableMapping, checks: readonly (readonly CellCheck[])[]): ChildRows {
  const columnIndex = (name: string) => table.columns.findIndex(({ column }) => column.name === name);
  const skipIndex = table.skipWhenBlank === null ? -1 : columnIndex(table.skipWhenBlank);
  const primaryIndex = table.onePrimary === null ? -1 : columnIndex(table.onePrimary);
  const keyIndexes = table.key.filter((name) => name !== table.parent?.column).map(columnIndex);

  return (rows, report) => {
    for (let entry = 0; entry < rows.length; entry += 1) {
      const row = rows[entry] ?? null;
      const isBlank = () => row === null || (skipIndex >= 0 && (row[skipIndex] ?? null) === null);
      // A blank decides before the checks: its other columns need not be right.
      if (!isBlank() && row !== null) checkRow(row, checks[entry] ?? [], report);
      if (isBlank()) rows[entry] = null;
    }
    if (rows.length > 1) {
      dropRepeatedKeys(rows, keyIndexes);
      if (primaryIndex >= 0) keepFirstPrimary(rows, primaryIndex);
    }
    return rows;
  };
}

function checkRow(row: CellValue[], checks: readonly CellCheck[], report: CellReport): void {
  for (let index = 0; index < checks.length; index += 1)
    row[index] = checks[index]?.(row[index] ?? null, report) ?? null;
}

/** The same address in two fields is one row; the later field decides. */
function dropRepeatedKeys(rows: Rows, keyIndexes: readonly number[]): void {
  const seen = new Map<string, number>();
  for (const [entry, row] of rows.entries()) {
    if (row === null) continue;
    const key = keyIndexes.map((index) => String(row[index])).join('\u0000');
    const earlier = seen.get(key);
    if (earlier !== undefined) rows[earlier] = null;
    seen.set(key, entry);
  }
}

function keepFirstPrimary(rows: Rows, primaryIndex: number): void {
  let found = false;
  for (const row of rows) {
    if (row?.[primaryIndex] !== 'true') continue;
    if (found) row[primaryIndex] = 'false';
    found = true;
  }
}
