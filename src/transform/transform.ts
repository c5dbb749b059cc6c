import { cellName, childTables, recordCells } from '../config/cells.ts';
import type { Mapping } from '../config/mapping.ts';
import type { RowCode } from '../errors/row-codes.ts';
import { BatchReport } from '../flow/cell-report.ts';
import type { CellValue, MappedBatch, MappedRecord, Rejection } from '../flow/mapped-batch.ts';
import { rejectionOf } from '../flow/rejection.ts';
import type { SourceBatch, SourceRecord } from '../flow/source-batch.ts';
import { type CellReader, compileCell } from './compile-cell.ts';

/** Turns a batch of source records into the rows they become. Pure; compiled once a mapping. */
export type TransformBatch = (batch: SourceBatch) => MappedBatch;

/** The one door of this room: compiles a mapping to closures that no record has to interpret again. */
export function compileTransform(mapping: Mapping): TransformBatch {
  const cells = recordCells(mapping).map(({ table, column }) =>
    compileCell(cellName(table, column), column, column.input),
  );
  const children = childTables(mapping).map((table) =>
    table.each.map((entry) =>
      entry.columns.map((column) => compileCell(cellName(table, column), column, column.input)),
    ),
  );
  return (batch) => transformBatch(batch, cells, children);
}

function transformBatch(
  batch: SourceBatch,
  cells: readonly CellReader[],
  children: readonly (readonly (readonly CellReader[])[])[],
): MappedBatch {
  const records: MappedRecord[] = [];
  const rejections: Rejection[] = [];
  const report = new BatchReport();
  for (const record of batch.records) {
    const early = unusable(record);
    if (early === null) {
      report.rejected = null;
      const mapped = transformRecord(record, cells, children, report);
      if (report.rejected === null) records.push(mapped);
    } else {
      report.rejected = { code: early, column: null, field: null };
    }
    if (report.rejected !== null) rejections.push(rejectionOf(record, batch.fields, report.rejected));
  }
  return {
    slice: batch.slice,
    fields: batch.fields,
    records,
    rejections,
    warnings: report.warnings,
    unchanged: 0,
    skipped: new Map(),
    last: batch.last,
  };
}

function unusable(record: SourceRecord): RowCode | null {
  if (record.broken === true) return 'INVALID_TEXT';
  return record.id === '' ? 'MISSING_SF_ID' : null;
}

function transformRecord(
  record: SourceRecord,
  cells: readonly CellReader[],
  children: readonly (readonly (readonly CellReader[])[])[],
  report: BatchReport,
): MappedRecord {
  const { values } = record;
  const row: CellValue[] = [];
  for (const read of cells) row.push(read(values, report));
  const rows: CellValue[][][] = [];
  for (const entries of children) {
    const table: CellValue[][] = [];
    for (const entry of entries) {
      const child: CellValue[] = [];
      for (const read of entry) child.push(read(values, report));
      table.push(child);
    }
    rows.push(table);
  }
  return { source: record, cells: row, children: rows };
}
