import type { RecordAtHand } from '../config/bind-expression.ts';
import { cellName, childTables, recordCells } from '../config/cells.ts';
import type { ColumnMapping, Mapping, TableMapping } from '../config/mapping.ts';
import { BatchReport } from '../flow/cell-report.ts';
import type { MappedBatch, MappedRecord } from '../flow/mapped-batch.ts';
import { rejectionOf } from '../flow/rejection.ts';
import { compileChildRows, type ChildRows } from './child-rows.ts';
import { type CellCheck, compileCheck } from './compile-cell.ts';
import { compileRules, type JudgeRecord } from './rules.ts';
import type { ValidateContext, ValidateDeps } from './validate-context.ts';

/**
 * Holds mapped records against their tables and their mapping's rules; what fails becomes a rejection. Touches nothing
 * but the batch it is given, whose cells it replaces by the checked ones; compiled once a mapping.
 */
export type ValidateBatch = (batch: MappedBatch) => MappedBatch;

interface Compiled {
  readonly cells: readonly CellCheck[];
  readonly children: readonly ChildRows[];
  /** Null when the mapping has no rules. */
  readonly judge: JudgeRecord | null;
  readonly at: RecordAtHand;
  /** Whether any expression looks at the record at hand. */
  readonly looks: boolean;
}

/** The one door of this room. */
export function compileValidation(mapping: Mapping, { functions, today }: ValidateDeps): ValidateBatch {
  const at: RecordAtHand = { values: [], cells: [], row: [], today };
  const context: ValidateContext = { mapping, functions, at };
  const children = childTables(mapping);
  const compiled: Compiled = {
    cells: recordCells(mapping).map(({ table, column }) => checkOf(table, column, context)),
    children: children.map((table) =>
      compileChildRows(
        table,
        table.each.map((entry) => entry.columns.map((column) => checkOf(table, column, context))),
        context,
      ),
    ),
    judge: compileRules(context),
    at,
    looks: mapping.rules.length > 0 || children.some(({ skipWhen }) => skipWhen !== null),
  };
  return (batch) => validateBatch(batch, compiled);
}

function checkOf(table: TableMapping, column: ColumnMapping, { functions }: ValidateContext): CellCheck {
  const { input } = column;
  const field = input.kind === 'fields' || input.kind === 'resolved' ? (input.paths[0] ?? null) : null;
  const filledLater = column.link !== null && column.link.phase !== null;
  // A child row without its value is not there at all; see child-rows.
  const skips = table.skipWhenBlank === column.column.name;
  const hasDefault = column.column.default !== null && column.onNull !== 'write';
  const mustHave = (column.required || (column.column.required && !hasDefault)) && !filledLater && !skips;
  return compileCheck({ name: cellName(table, column), field, mustHave }, column, functions);
}

function validateBatch(batch: MappedBatch, compiled: Compiled): MappedBatch {
  const records: MappedRecord[] = [];
  const rejections = [...batch.rejections];
  const report = new BatchReport(batch.warnings);
  for (const record of batch.records) {
    report.rejected = null;
    validateRecord(record, compiled, report);
    if (report.rejected === null) records.push(record);
    else rejections.push(rejectionOf(record.source, batch.fields, report.rejected));
  }
  return { ...batch, records, rejections, warnings: report.warnings };
}

/** Writes the checked cells where the mapped ones were: a batch in flight is held once, not twice. */
function validateRecord(record: MappedRecord, compiled: Compiled, report: BatchReport): void {
  const { cells, children, judge, at, looks } = compiled;
  const row = record.cells;
  for (let index = 0; index < cells.length; index += 1) row[index] = cells[index]?.(row[index] ?? null, report) ?? null;
  if (looks) {
    // A record's values are made anew when they are asked for: only for those who look.
    at.values = record.source.values;
    at.cells = row;
  }
  for (let index = 0; index < children.length; index += 1) {
    record.children[index] = children[index]?.(record.children[index] ?? [], report) ?? [];
  }
  if (judge !== null && report.rejected === null) judge(report);
}
