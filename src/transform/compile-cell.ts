import { cellName } from '../config/cells.ts';
import type { OnBad } from '../config/mapping.ts';
import type { CellReport } from '../flow/cell-report.ts';
import type { CellValue } from '../flow/mapped-batch.ts';
import { standIn } from '../flow/stand-in.ts';
import { candidateText, compileCandidates } from './compile-candidates.ts';
import { compileFirst } from './compile-first.ts';
import { type CellPlace, compileInput, fieldOf, type TransformContext } from './compile-input.ts';
import { compileValue, finishValue, type Found, UNKNOWN } from './compile-value.ts';
import { splitItems } from './split-items.ts';

/** From a record's values to one cell. Compiled once a mapping: nothing is looked up or interpreted per record. */
export type CellReader = (values: readonly string[], report: CellReport) => CellValue;

/** Compiles the path of one value: input, transforms, map, null policy. */
export function compileCell(place: CellPlace, context: TransformContext): CellReader {
  const { column } = place;
  const { blank, unknown } = standIns(place);
  const read = compileRaw(place, context);
  const path = column.link?.candidates === true ? null : compileValue(column, place, context);
  return (values, report) => {
    const value = finishValue(read(values, report), path, report);
    if (value === null) return blank;
    if (value === UNKNOWN) return unknown(report);
    return value;
  };
}

function compileRaw(
  place: CellPlace,
  context: TransformContext,
): (values: readonly string[], report: CellReport) => Found {
  const { input, link } = place.column;
  if (link?.candidates === true) return compileCandidates(place, context);
  return input.kind === 'first_of'
    ? compileFirst(input.alternatives, place, context)
    : compileInput(input, place, context);
}

/** The cells of a column that splits, one for each item that comes to a value. */
type ItemsReader = (values: readonly string[], report: CellReport) => readonly CellValue[];

export function compileItems(place: CellPlace, context: TransformContext): ItemsReader {
  const { column } = place;
  if (column.input.kind === 'first_of') throw new RangeError('`first_of` splits in its alternatives');
  const { unknown } = standIns(place);
  const read = compileInput(column.input, place, context);
  const path = compileValue(column, place, context);
  const name = cellName(place.table, column);
  const listed = column.link?.candidates === true;
  return (values, report) => {
    const raw = read(values, report);
    if (raw === null) return [];
    return splitItems(raw, column.split).flatMap((item) => {
      const known = finishValue(item, path, report);
      const value = known === UNKNOWN ? unknown(report) : known;
      if (typeof value !== 'string') return [];
      return [listed ? JSON.stringify([[column.lookup, candidateText(value, name, report)]]) : value];
    });
  };
}

/** What stands in for a value that is blank, or that the map does not have. */
function standIns(place: CellPlace): {
  readonly blank: CellValue;
  readonly unknown: (report: CellReport) => CellValue;
} {
  const { table, column } = place;
  return {
    blank: standIn(column.onNull === 'write' ? 'null' : column.onNull, column.column.default),
    unknown: unknownValue(place, column.onUnknown, cellName(table, column)),
  };
}

function unknownValue({ column }: CellPlace, policy: OnBad, name: string): (report: CellReport) => CellValue {
  const field = fieldOf(column.input);
  return (report) => {
    if (policy === 'quarantine') {
      report.reject('INVALID_ENUM', name, field);
      return null;
    }
    report.warn('INVALID_ENUM', name);
    return standIn(policy, column.column.default);
  };
}
