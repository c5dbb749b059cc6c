import { isMap } from '../config/is-record.ts';
import type { RowsChanged } from './define-plugin.ts';

const KINDS = new Set(['inserted', 'updated', 'deleted']);

/** True for `{ table: { inserted: 3 } }`: whole numbers from 0, under the words that reports use. */
export function isRowsChanged(value: unknown): value is RowsChanged {
  return isMap(value) && Object.values(value).every((counts) => isMap(counts) && Object.entries(counts).every(isCount));
}

function isCount([kind, rows]: readonly [string, unknown]): boolean {
  return KINDS.has(kind) && typeof rows === 'number' && Number.isInteger(rows) && rows >= 0;
}
