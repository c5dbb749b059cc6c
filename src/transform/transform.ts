import { childTables, recordCells } from '../config/cells.ts';
import type { Mapping } from '../config/mapping.ts';
import { BatchReport } from '../flow/cell-report.ts';
import type { CellValue, MappedBatch, MappedRecord, Rejection } from '../flow/mapped-batch.ts';
import { rejectionOf } from '../flow/rejection.ts';
import type { SourceBatch, SourceRecord } from '../flow/source-batch.ts';
import { type ChildReader, compileChildRows } from './child-rows.ts';
import { type CellReader, compileCell } from './compile-cell.ts';
import type { TransformContext } from './compile-input.ts';
import { compileLeftOutTest, type LeftOutTest, NO_SLICE } from './left-out.ts';
import { NO_ANSWERS, type ResolverAnswers } from './resolve-inputs.ts';
import { compileSkipTests, type SkipTests } from './skip-rules.ts';

export {
  type AskForBatch,
  compileQuestions,
  NO_ANSWERS,
  type ResolverAnswers,
  type ResolverQuestion,
} from './resolve-inputs.ts';

export type { LeftOutTest } from './left-out.ts';

export interface TransformDeps {
  /** The plugins' functions; null where the project has none. */
  readonly functions: TransformContext['functions'];
  /** The day of the run, `YYYY-MM-DD`. */
  readonly today: string;
}

/**
 * Turns a batch of source records into the rows they become. Pure; compiled once a mapping.
 * @param answers  to the mapping's questions; see resolve-inputs
 */
export type TransformBatch = (batch: SourceBatch, answers?: ResolverAnswers) => MappedBatch;

interface Compiled {
  readonly cells: readonly CellReader[];
  readonly children: readonly ChildReader[];
  readonly skips: SkipTests;
  readonly at: TransformContext['at'];
}

/** The one door of this room: compiles a mapping to closures that no record has to interpret again. */
export function compileTransform(mapping: Mapping, { functions, today }: TransformDeps): TransformBatch {
  const context = contextOf(mapping, { functions, today });
  const compiled: Compiled = {
    cells: recordCells(mapping).map((cell) => compileCell(cell, context)),
    children: childTables(mapping).map((table) => compileChildRows(table, context)),
    skips: compileSkipTests(context),
    at: context.at,
  };
  return (batch, answers = NO_ANSWERS) => {
    context.at.answers = answers;
    return transformBatch(batch, compiled);
  };
}

function contextOf(mapping: Mapping, { functions, today }: TransformDeps): TransformContext {
  return { mapping, functions, at: { values: [], cells: [], row: [], answers: NO_ANSWERS, today } };
}

/** Whether a record is left out by `skip_when`; values that resolvers give are not known to its rules here. */
export function leftOutTest(mapping: Mapping, deps: TransformDeps): LeftOutTest | null {
  return compileLeftOutTest(contextOf(mapping, deps), () => {
    const transform = compileTransform(mapping, deps);
    const { fields } = mapping.source;
    return (record) => transform({ slice: NO_SLICE, fields, records: [record], last: true }).skipped.size > 0;
  });
}

function transformBatch(batch: SourceBatch, compiled: Compiled): MappedBatch {
  const records: MappedRecord[] = [];
  const rejections: Rejection[] = [];
  const skipped = new Map<string, number>();
  const report = new BatchReport();
  for (const record of batch.records) {
    report.rejected = null;
    const outcome = readRecord(record, compiled, report);
    if (typeof outcome === 'string') skipped.set(outcome, (skipped.get(outcome) ?? 0) + 1);
    else if (report.rejected !== null) rejections.push(rejectionOf(record, batch.fields, report.rejected));
    else if (outcome !== null) records.push(outcome);
  }
  const { slice, fields, last } = batch;
  return { slice, fields, records, rejections, warnings: report.warnings, unchanged: 0, skipped, last };
}

/** @returns the record's rows; the rule that leaves it out; null when it is refused before it is read */
function readRecord(record: SourceRecord, compiled: Compiled, report: BatchReport): MappedRecord | string | null {
  const { skips } = compiled;
  if (record.broken !== undefined) {
    report.reject(record.broken, null, null);
    return null;
  }
  const { values } = record;
  compiled.at.values = values;
  const early = skips.early?.(report) ?? null;
  if (early !== null) return early;
  if (record.id === '') report.reject('MISSING_SF_ID', null, null);
  if (skips.late === null) return report.rejected === null ? readRows(record, values, compiled, report) : null;
  // Nothing is told of a record that is left out: what its cells say is held until that is known.
  const held = new BatchReport();
  const mapped = readRows(record, values, compiled, held);
  const late = skips.late(report);
  if (late === null) report.take(held);
  return late ?? mapped;
}

function readRows(
  record: SourceRecord,
  values: readonly string[],
  { cells, children, at }: Compiled,
  report: BatchReport,
): MappedRecord {
  const row: CellValue[] = [];
  at.cells = row;
  for (const read of cells) row.push(read(values, report));
  const rows: (CellValue[] | null)[][] = [];
  for (const read of children) rows.push(read(values, report));
  return { source: record, cells: row, children: rows };
}
