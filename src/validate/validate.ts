import { cellName, childTables, recordCells } from '../config/cells.ts';
import type { ColumnMapping, Mapping, TableMapping } from '../config/mapping.ts';
import { BatchReport, type CellReport } from '../flow/cell-report.ts';
import type { MappedBatch, MappedRecord } from '../flow/mapped-batch.ts';
import { rejectionOf } from '../flow/rejection.ts';
import { type CellCheck, compileCheck } from './compile-cell.ts';
import { compileChildRows, type ChildRows } from './child-rows.ts';

/**
 * Holds mapped records against their tables; what fails becomes a rejection. Touches nothing but the batch it is given,
 * whose cells it replaces by the checked ones; compiled once a mapping.
 */
export type ValidateBatch = (batch: MappedBatch) => MappedBatch;

/** The one door of this room. */
export function compileValidation(mapping: Mapping): ValidateBatch {
  const cells = recordCells(mapping).map(({ table, column }) => checkOf(table, column));
  const children = childTables(mapping).map((table) =>
    compileChildRows(
      table,
      table.each.map((entry) => entry.columns.map((column) => checkOf(table, column))),
    ),
  );
  return (batch) => validateBatch(batch, cells, children);
}

function checkOf(table: TableMapping, column: ColumnMapping): CellCheck {
  const { input } = column;
  const field = input.kind === 'fields' ? (input.paths[0] ?? null) : null;
  const filledLater = column.link !== null && column.link.phase !== null;
  // A child row without its value is not there at all; see child-rows.
  const skips = table.skipWhenBlank === column.column.name;
  const hasDefault = column.column.default !== null && column.onNull !== 'write';
  const mustHave = (column.required || (column.column.required && !hasDefault)) && !filledLater && !skips;
  return compileCheck({ name: cellName(table, column), field, mustHave }, column);
}

function validateBatch(batch: MappedBatch, cells: readonly CellCheck[], children: readonly ChildRows[]): MappedBatch {
  const records: MappedRecord[] = [];
  const rejections = [...batch.rejections];
  const report = new BatchReport(batch.warnings);
  for (const record of batch.records) {
    report.rejected = null;
    validateRecord(record, cells, children, report);
    if (report.rejected === null) records.push(record);
    else rejections.push(rejectionOf(record.source, batch.fields, report.rejected));
  }
  return { ...batch, records, rejections, warnings: report.warnings };
}

/** Writes the checked cells where the mapped ones were: a batch in flight is held once, not twice. */
function validateRecord(
  record: MappedRecord,
  cells: readonly CellCheck[],
  children: readonly ChildRows[],
  report: CellReport,
): void {
  const row = record.cells;
  for (let index = 0; index < cells.length; index += 1) row[index] = cells[index]?.(row[index] ?? null, report) ?? null;
  for (let index = 0; index < children.length; index += 1) {
    record.children[index] = children[index]?.(record.children[index] ?? [], report) ?? [];
  }
}
