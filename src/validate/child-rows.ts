import { bindExpression } from '../config/bind-expression.ts';
import { expressionScope } from '../config/cells.ts';
import type { TableMapping } from '../config/mapping.ts';
import { compileExpression } from '../expression/expression.ts';
import type { CellReport } from '../flow/cell-report.ts';
import type { CellValue } from '../flow/mapped-batch.ts';
import type { CellCheck } from './compile-cell.ts';
import type { ValidateContext } from './validate-context.ts';

type Rows = (CellValue[] | null)[];

/**
 * Checks in place the rows that one record gives a child table: index-aligned with `each`, null where there is none. Of
 * a list table they come with a null after each entry's rows, and go without any.
 */
export type ChildRows = (rows: Rows, report: CellReport) => Rows;

/**
 * Compiles a child table's rules: checks, no row for a blank value or where `skip_when` says so, one row a key, at most
 * one primary.
 * @param checks  of each entry's columns
 */
export function compileChildRows(
  table: TableMapping,
  checks: readonly (readonly CellCheck[])[],
  context: ValidateContext,
): ChildRows {
  const columnIndex = (name: string) => table.columns.findIndex(({ column }) => column.name === name);
  const primaryIndex = table.onePrimary === null ? -1 : columnIndex(table.onePrimary);
  const keyIndexes = table.key.filter((name) => name !== table.parent?.column).map(columnIndex);
  const isAbsent = compileAbsence(table, context);

  return (rows, report) => {
    let entry = 0;
    for (let place = 0; place < rows.length; place += 1) {
      const row = rows[place] ?? null;
      // Absence decides before the checks: the other columns need not be right. And after them: a bad value may be gone.
      if (row !== null && !isAbsent(row, report)) checkRow(row, checks[entry] ?? [], report);
      if (row !== null && isAbsent(row, report)) rows[place] = null;
      if (row === null || !table.list) entry += 1;
    }
    if (rows.length > 1) {
      dropRepeatedKeys(rows, keyIndexes, primaryIndex);
      if (primaryIndex >= 0) keepFirstPrimary(rows, primaryIndex);
    }
    return table.list ? rows.filter((row) => row !== null) : rows;
  };
}

function checkRow(row: CellValue[], checks: readonly CellCheck[], report: CellReport): void {
  for (let index = 0; index < checks.length; index += 1)
    row[index] = checks[index]?.(row[index] ?? null, report) ?? null;
}

/** Whether a row is not there at all. */
type IsAbsent = (row: readonly CellValue[], report: CellReport) => boolean;

function compileAbsence(table: TableMapping, { mapping, at }: ValidateContext): IsAbsent {
  const { skipWhen, skipWhenBlank, list, key } = table;
  // An item of a list that is blank is none: without its key it could not be found again.
  const needed = new Set(list ? [...key, skipWhenBlank] : [skipWhenBlank]);
  const places = table.columns.flatMap(({ column }, index) => (needed.has(column.name) ? [index] : []));
  const isBlank: IsAbsent = (row) => places.some((place) => (row[place] ?? null) === null || row[place] === '');
  if (skipWhen === null) return isBlank;
  const names = expressionScope(mapping, { table, column: null });
  const expression = compileExpression(skipWhen.text, names, 'boolean');
  const values = bindExpression(expression, names, at, true);
  return (row, report) => {
    if (isBlank(row, report)) return true;
    at.row = row;
    try {
      return expression.test(values) === true;
    } catch {
      report.reject('TRANSFORM_FAILED', null, null, `${table.table.name}.skip_when`);
      return false;
    }
  };
}

/** The same address in two fields is one row; the later field decides, and a primary mark of either stays. */
function dropRepeatedKeys(rows: Rows, keyIndexes: readonly number[], primaryIndex: number): void {
  const seen = new Map<string, number>();
  for (const [place, row] of rows.entries()) {
    if (row === null) continue;
    const key = keyIndexes.map((index) => String(row[index])).join('\u0000');
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      if (primaryIndex >= 0 && rows[earlier]?.[primaryIndex] === 'true') row[primaryIndex] = 'true';
      rows[earlier] = null;
    }
    seen.set(key, place);
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
