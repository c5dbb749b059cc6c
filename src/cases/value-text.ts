import type { ExpectedValue } from '../config/mapping-case.ts';
import { type CellValue, KEEP } from '../flow/mapped-batch.ts';

/** A cell as a case would say it: candidates of a link as a list of their texts. */
export function cellText(value: CellValue | undefined, candidates: boolean): string {
  if (value === KEEP) return 'keep';
  if (value === null || value === undefined) return 'null';
  return candidates ? listText(candidatesOf(value)) : JSON.stringify(value);
}

export function expectedText(value: ExpectedValue): string {
  if (value === null || value === 'keep') return String(value);
  return typeof value === 'string' ? JSON.stringify(value) : listText(value);
}

/** Whether a cell is what was expected. A single candidate may be written without a list. */
export function isExpected(value: CellValue | undefined, expected: ExpectedValue, candidates: boolean): boolean {
  if (value === KEEP) return expected === 'keep';
  if (value === null || value === undefined || expected === null) return (value ?? null) === expected;
  if (!candidates) return value === expected;
  return listText(candidatesOf(value)) === listText([expected].flat());
}

function listText(texts: readonly string[]): string {
  return `[${texts.map((text) => JSON.stringify(text)).join(', ')}]`;
}

/** From `[[lookup, text], ...]`. */
function candidatesOf(json: string): readonly string[] {
  const list: unknown = JSON.parse(json);
  return Array.isArray(list) ? list.map((item: unknown) => String(Array.isArray(item) ? item[1] : item)) : [];
}
