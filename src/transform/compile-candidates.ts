import { cellName } from '../config/cells.ts';
import type { Alternative } from '../config/mapping.ts';
import type { CellReport } from '../flow/cell-report.ts';
import { toLongId } from '../flow/salesforce-id.ts';
import { type CellPlace, compileInput, type TransformContext } from './compile-input.ts';
import { compileValue, finishValue, type Found, UNKNOWN } from './compile-value.ts';
import { splitItems } from './split-items.ts';

/** Gives `[[lookup, text], ...]` as JSON, in the order in which the candidates are to be tried; null when there is none. */
type ReadCandidates = (values: readonly string[], report: CellReport) => Found;

/** Every way to a link's parent that the record gives. Which of them leads to one, only the database can tell. */
export function compileCandidates(place: CellPlace, context: TransformContext): ReadCandidates {
  const { column } = place;
  const pathOfAll = compileValue(column, place, context);
  const ways = alternativesOf(place).map((alternative) => ({
    read: compileInput(alternative.input, place, context),
    path: compileValue(alternative, place, context),
    split: alternative.split,
    lookup: alternative.lookup,
  }));
  const name = cellName(place.table, column);

  return (values, report) => {
    let none: null | typeof UNKNOWN = null;
    const candidates = new Map<string, readonly [number, string]>();
    for (const { read, path, split, lookup } of ways) {
      const raw = read(values, report);
      for (const item of raw !== null && split.length > 0 ? splitItems(raw, split) : [raw]) {
        const value = finishValue(finishValue(item, path, report), pathOfAll, report);
        if (value === UNKNOWN) none = UNKNOWN;
        else if (value !== null && value.trim() !== '') {
          const text = candidateText(value, name, report);
          candidates.set(`${lookup} ${text}`, [lookup, text]);
        }
      }
    }
    return candidates.size === 0 ? none : JSON.stringify([...candidates.values()]);
  };
}

function alternativesOf({ column }: CellPlace): readonly Alternative[] {
  if (column.input.kind === 'first_of') return column.input.alternatives;
  return [{ input: column.input, split: [], transforms: [], map: null, lookup: column.lookup }];
}

/**
 * A reference as it stands among candidates: an id in its long form, and nothing that PostgreSQL does not read in JSON (a
 * NUL, half of a character pair).
 * @param name  `table.column`, for the report
 */
export function candidateText(value: string, name: string, report: CellReport): string {
  const text = toLongId(value);
  if (!text.includes('\0') && text.isWellFormed()) return text;
  report.warn('INVALID_TEXT', name);
  return text.replaceAll('\0', '').toWellFormed();
}
