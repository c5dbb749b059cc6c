import type { Alternative } from '../config/mapping.ts';
import type { CellReport } from '../flow/cell-report.ts';
import { type CellPlace, compileInput, type TransformContext } from './compile-input.ts';
import { compileValue, finishValue, type Found, UNKNOWN } from './compile-value.ts';

/** The first of several ways that gives a value. */
type ReadFirst = (values: readonly string[], report: CellReport) => Found;

/** A text that an alternative's map does not have gives way to the next; it is unknown when none of them has a value. */
export function compileFirst(
  alternatives: readonly Alternative[],
  place: CellPlace,
  context: TransformContext,
): ReadFirst {
  const ways = alternatives.map((alternative) => ({
    read: compileInput(alternative.input, place, context),
    path: compileValue(alternative, place, context),
  }));
  return (values, report) => {
    let none: null | typeof UNKNOWN = null;
    for (const { read, path } of ways) {
      const value = finishValue(read(values, report), path, report);
      if (value === UNKNOWN) none = UNKNOWN;
      else if (value !== null) return value;
    }
    return none;
  };
}
